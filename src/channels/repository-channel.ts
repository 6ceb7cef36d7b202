import { compare, valid } from "semver";
import type { PlannedChannel } from "../model/channel.ts";
import { Problem } from "../model/problem.ts";
import type { Channel, ChannelFile, ChannelFormat, ChannelMove, ChannelState } from "./channel.ts";
import type { BranchHead, TapRepository, WrittenFile } from "./repositories/repository.ts";

/** A channel that is files in a repository: they are compared with what is there, then written by one commit. */
export class RepositoryChannel implements Channel {
  readonly #planned: PlannedChannel;
  readonly #format: ChannelFormat;
  readonly #repository: TapRepository;

  constructor(planned: PlannedChannel, format: ChannelFormat, repository: TapRepository) {
    this.#planned = planned;
    this.#format = format;
    this.#repository = repository;
  }

  async check(signal?: AbortSignal): Promise<readonly string[]> {
    return await this.#repository.check(this.#planned.pullRequest, signal);
  }

  async point(
    files: readonly ChannelFile[],
    move: ChannelMove,
    signal?: AbortSignal,
  ): Promise<ChannelState> {
    const wanted = files.filter(
      ({ pinned }) =>
        move.kind === "newest" || move.kind === "asked" || (pinned && move.kind === "pinned"),
    );
    if (wanted.length === 0) return { result: "kept", detail: "why" in move ? move.why : "" };
    // What is there is looked at before each try, for the last one may have been obeyed.
    return await this.#repository.again(() => this.#attempt(wanted, move, signal), signal);
  }

  async #attempt(
    wanted: readonly ChannelFile[],
    move: ChannelMove,
    signal: AbortSignal | undefined,
  ): Promise<ChannelState> {
    const head = await this.#repository.head(signal);
    const folder = await this.#folder(head.commit, signal);
    const { changed, newer } = await this.#compare(
      wanted,
      { folder, at: head.commit, move },
      signal,
    );
    const [kept] = newer;
    if (changed.length === 0)
      return kept === undefined
        ? { result: "there", detail: this.#points(folder, wanted) }
        : { result: "kept", detail: kept };
    const told = this.#points(folder, wanted);
    if (this.#planned.pullRequest) return await this.#propose(head, changed, told, signal);
    const { commit, branch } = head;
    const url = await this.#repository.commit(
      { branch, parent: commit, begins: false, message: this.#message(), files: changed },
      signal,
    );
    return { result: "moved", detail: told, url };
  }

  #message(): string {
    return this.#format.message(this.#planned);
  }

  #points(folder: string, files: readonly ChannelFile[]): string {
    const paths = files.map(({ name }) => inFolder(folder, name)).join(", ");
    return `${paths} at ${this.#planned.version}`;
  }

  /** The first of the usual ones that is there; one at the top would hide what lies beside it. */
  async #folder(commit: string, signal: AbortSignal | undefined): Promise<string> {
    const { folders, extension } = this.#format;
    const names = await this.#repository.names(commit, signal);
    const found = folders.find((folder) => names.includes(folder));
    if (found !== undefined) return found;
    return names.some((name) => name.endsWith(extension)) ? "" : (folders[0] ?? "");
  }

  /** Files that are to be written, and why others stay as they are. */
  async #compare(
    wanted: readonly ChannelFile[],
    {
      folder,
      at,
      move,
    }: { readonly folder: string; readonly at: string; readonly move: ChannelMove },
    signal: AbortSignal | undefined,
  ) {
    const changed: WrittenFile[] = [];
    const newer: string[] = [];
    for (const { name, text } of wanted) {
      const path = inFolder(folder, name);
      const there = await this.#repository.read(path, at, signal);
      if (there === text) continue;
      if (there !== undefined) this.#assertOwn(path, there);
      const version = there === undefined ? undefined : this.#format.versionIn(there);
      if (
        move.kind !== "asked" &&
        version !== undefined &&
        isHigher(version, this.#planned.version)
      )
        newer.push(`${path} is at ${version}, which is newer`);
      else changed.push({ path, text, exists: there !== undefined });
    }
    return { changed, newer };
  }

  /** What another project installs by this name stays what it is. */
  #assertOwn(path: string, text: string): void {
    const { project, repository, kind, name } = this.#planned;
    if (text.includes(`${project.url}/`)) return;
    throw new Problem(
      "channel-foreign",
      `${path} in ${repository} installs nothing from ${project.url}: it is another project's`,
      {
        hint: `set \`channel-name\` to another name than ${name}, or delete that file once where the project was renamed (${kind})`,
      },
    );
  }

  async #propose(
    head: BranchHead,
    files: readonly WrittenFile[],
    told: string,
    signal: AbortSignal | undefined,
  ): Promise<ChannelState> {
    const { name, version } = this.#planned;
    const repository = this.#repository;
    const branch = `go-release/${name}-${version}`;
    const before = await repository.proposal(branch, signal);
    if (before !== undefined && before.state !== "open") {
      const detail = `its ${repository.proposalName} was ${before.state}: delete the branch ${branch} to have another one`;
      return { result: "kept", detail, url: before.url };
    }
    await this.#onto(branch, head, files, signal);
    const request = { branch, onto: head.branch, title: this.#message() };
    const { url } = before ?? (await repository.propose(request, signal));
    return { result: "proposed", detail: told, url };
  }

  /** The branch of a proposal, with the files on it; one that a killed run has made is taken on. */
  async #onto(
    branch: string,
    head: BranchHead,
    files: readonly WrittenFile[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const there = await this.#repository.branch(branch, signal);
    const parent = there?.commit ?? head.commit;
    const missing: WrittenFile[] = [];
    for (const file of files) {
      const text =
        there === undefined ? undefined : await this.#repository.read(file.path, parent, signal);
      if (text === file.text) continue;
      missing.push({ ...file, exists: there === undefined ? file.exists : text !== undefined });
    }
    if (missing.length === 0) return;
    const change = { branch, parent, begins: there === undefined, message: this.#message() };
    await this.#repository.commit({ ...change, files: missing }, signal);
  }
}

function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Texts that are no versions are not compared. */
function isHigher(one: string, other: string): boolean {
  return valid(one) !== null && valid(other) !== null && compare(one, other) > 0;
}
