import type { Readable } from "node:stream";
import * as z from "zod/mini";
import type { Asset } from "../forge.ts";
import { bytesUpTo, sha256Of } from "../read-back.ts";
import type { Api, GitLabAnswer, GitLabRequest } from "./api.ts";
import { messageOf, Package, PackageFile } from "./entities.ts";
import { refusal } from "./errors.ts";

/** The project's generic packages of one name: where the files of releases live. */
export class Packages {
  readonly #api: Api;
  readonly #name: string;
  /** Ids by version, as long as the packages are there. */
  readonly #ids = new Map<string, readonly number[]>();

  constructor(api: Api, name: string) {
    this.#api = api;
    this.#name = name;
  }

  /** Where a file is downloaded with a token, or by everybody from a public project. */
  url(version: string, file: string): string {
    return `${this.#api.projectUrl}${this.#path(version, file)}`;
  }

  /** Throws a `Problem` when the registry cannot be read. */
  async probe(signal?: AbortSignal): Promise<void> {
    const call: GitLabRequest = {
      doing: "reading the package registry",
      method: "GET",
      path: "/packages?package_type=generic&per_page=1",
      signal,
    };
    const answer = await this.#api.call(call);
    if (answer.status !== 200) throw this.#refusal(call, answer);
  }

  /** All files of one version in the order they were uploaded; a name may be there more than once. */
  async files(version: string, signal?: AbortSignal): Promise<readonly PackageFile[]> {
    const lists = await Promise.all(
      (await this.#idsOf(version, signal)).map((id) => this.#filesOf(id, signal)),
    );
    return lists.flat().sort((a, b) => a.id - b.id);
  }

  /** Whether there is a file of that name, listed or not: one request, however many files the package has. */
  async has(version: string, file: string, signal?: AbortSignal): Promise<boolean> {
    const path = this.#path(version, file);
    const call: GitLabRequest = { doing: `looking for ${file}`, method: "GET", path, signal };
    const answer = await this.#api.peek(call);
    if (answer.status === 404) return false;
    if (answer.status >= 400) throw this.#refusal(call, answer);
    return true;
  }

  /**
   * One try; `taken` when GitLab says that the name is. The stored file is what GitLab says of it, undefined on
   * older instances. Throws `Fleeting`, as `Api.once` does.
   */
  async upload(
    version: string,
    asset: Asset,
    signal?: AbortSignal,
  ): Promise<{ readonly stored: PackageFile | undefined } | "taken"> {
    const call: GitLabRequest = {
      doing: `uploading ${asset.name}`,
      method: "PUT",
      path: `${this.#path(version, asset.name)}?select=package_file`,
      body: { length: asset.size, open: asset.open },
      signal,
    };
    const answer = await this.#api.once(call);
    if (answer.status === 200 || answer.status === 201)
      return { stored: PackageFile.safeParse(answer.json).data };
    if (/duplicate/i.test(messageOf(answer.json))) return "taken";
    throw this.#refusal(call, answer);
  }

  /** Whether a file has the asset's size and digest; one without a recorded digest is read back. */
  async holds(
    version: string,
    file: PackageFile,
    asset: Asset,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (file.size !== asset.size) return false;
    const sha256 = file.file_sha256 ?? (await this.#digest(version, file, signal));
    return sha256?.toLowerCase() === asset.sha256;
  }

  /** Removes one file. False when the token may not: that takes the role Maintainer. */
  async remove(version: string, file: PackageFile, signal?: AbortSignal): Promise<boolean> {
    for (const id of await this.#idsOf(version, signal)) {
      const answer = await this.#api.call({
        doing: `removing a second copy of ${file.file_name}`,
        method: "DELETE",
        path: `/packages/${id}/package_files/${file.id}`,
        signal,
      });
      if (answer.status < 300) return true;
    }
    return false;
  }

  async #digest(
    version: string,
    { file_name }: PackageFile,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    return await this.#download(version, file_name, signal, sha256Of);
  }

  /** The bytes of a small file; undefined when it is not there, or larger than `most` bytes. */
  async read(
    version: string,
    file: string,
    most: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    return await this.#download(version, file, signal, (bytes) => bytesUpTo(bytes, most));
  }

  #download<T>(
    version: string,
    file: string,
    signal: AbortSignal | undefined,
    read: (bytes: Readable) => Promise<T>,
  ): Promise<T | undefined> {
    const path = this.#path(version, file);
    return this.#api.download({ doing: `reading ${file} back`, method: "GET", path, signal }, read);
  }

  async #idsOf(version: string, signal?: AbortSignal): Promise<readonly number[]> {
    const known = this.#ids.get(version);
    if (known !== undefined) return known;
    const query = new URLSearchParams({
      package_type: "generic",
      package_name: this.#name,
      package_version: version,
    });
    const call: GitLabRequest = {
      doing: "reading the list of packages",
      method: "GET",
      path: `/packages?${query.toString()}`,
      signal,
    };
    const found: Package[] = [];
    for await (const answer of this.#api.pages(call)) {
      if (answer.status !== 200) throw this.#refusal(call, answer);
      found.push(...z.array(Package).parse(answer.json));
    }
    // The search is fuzzy, and older instances ignore the version.
    const ids = found
      .filter(
        (one) =>
          one.package_type === "generic" && one.name === this.#name && one.version === version,
      )
      .map(({ id }) => id);
    if (ids.length > 0) this.#ids.set(version, ids);
    return ids;
  }

  async #filesOf(id: number, signal?: AbortSignal): Promise<PackageFile[]> {
    const files: PackageFile[] = [];
    const path = `/packages/${id}/package_files`;
    const call: GitLabRequest = {
      doing: "reading the list of package files",
      method: "GET",
      path,
      signal,
    };
    for await (const answer of this.#api.pages(call)) {
      // Somebody has deleted the package: what was in it is stored again, in another one.
      if (answer.status === 404) {
        this.#ids.clear();
        return [];
      }
      if (answer.status !== 200) throw this.#refusal(call, answer);
      files.push(...z.array(PackageFile).parse(answer.json));
    }
    return files;
  }

  #path(version: string, file: string): string {
    const parts = [this.#name, version, file].map(encodeURIComponent);
    return `/packages/generic/${parts.join("/")}`;
  }

  #refusal(call: GitLabRequest, answer: GitLabAnswer) {
    return refusal(call, answer, this.#api.tokenKind);
  }
}
