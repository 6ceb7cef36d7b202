import * as z from "zod/mini";
import { bytesUpTo, sha256UpTo } from "../../net/body.ts";
import type { Answer } from "../../net/exchange.ts";
import type { Asset } from "../forge.ts";
import type { Api, GitLabRequest } from "./api.ts";
import { Package, PackageFile } from "./entities.ts";

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
    const path = "/packages?package_type=generic&per_page=1";
    const doing = "reading the package registry";
    (await this.#api.call({ doing, method: "GET", path, signal })).as(z.array(Package));
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
    const accept = ({ status }: Answer) => status === 404;
    const doing = `looking for ${file}`;
    return (await this.#api.peek({ doing, method: "GET", path, accept, signal })).status !== 404;
  }

  /**
   * One try; `taken` when GitLab says that the name is. The stored file is what GitLab says of it, undefined on
   * older instances. Throws `Passing`, as `Api.once` does.
   */
  async upload(
    version: string,
    asset: Asset,
    signal?: AbortSignal,
  ): Promise<{ readonly stored: PackageFile | undefined } | "taken"> {
    const answer = await this.#api.once({
      doing: `uploading ${asset.name}`,
      method: "PUT",
      path: `${this.#path(version, asset.name)}?select=package_file`,
      body: { length: asset.size, open: asset.open },
      accept: ({ said }) => /duplicate/i.test(said),
      signal,
    });
    if (answer.status >= 300) return "taken";
    return { stored: PackageFile.safeParse(answer.json()).data };
  }

  /** Whether a file has the asset's size and digest; one without a recorded digest is read back. */
  async holds(
    version: string,
    file: PackageFile,
    asset: Asset,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (file.size !== asset.size) return false;
    const reading = this.#reading(version, file.file_name, signal);
    const sha256 = file.file_sha256 ?? (await this.#api.download(reading, file.size, sha256UpTo));
    return sha256?.toLowerCase() === asset.sha256;
  }

  /** Removes one file. False when the token may not: that takes the role Maintainer. */
  async remove(version: string, file: PackageFile, signal?: AbortSignal): Promise<boolean> {
    for (const id of await this.#idsOf(version, signal)) {
      const { status } = await this.#api.call({
        doing: `removing a second copy of ${file.file_name}`,
        method: "DELETE",
        path: `/packages/${id}/package_files/${file.id}`,
        accept: () => true,
        signal,
      });
      if (status < 300) return true;
    }
    return false;
  }

  /** The bytes of a small file; undefined when it is not there, or larger than `most` bytes. */
  async read(
    version: string,
    file: string,
    most: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    return await this.#api.download(this.#reading(version, file, signal), most, bytesUpTo);
  }

  #reading(version: string, file: string, signal: AbortSignal | undefined): GitLabRequest {
    const path = this.#path(version, file);
    return { doing: `reading ${file} back`, method: "GET", path, signal };
  }

  async #idsOf(version: string, signal?: AbortSignal): Promise<readonly number[]> {
    const known = this.#ids.get(version);
    if (known !== undefined) return known;
    const query = new URLSearchParams({
      package_type: "generic",
      package_name: this.#name,
      package_version: version,
    });
    const doing = "reading the list of packages";
    const path = `/packages?${query.toString()}`;
    const found = await this.#api.list({ doing, method: "GET", path, signal }, Package);
    // The search is fuzzy, and older instances ignore the version.
    const ids = (found ?? [])
      .filter(
        (one) =>
          one.package_type === "generic" && one.name === this.#name && one.version === version,
      )
      .map(({ id }) => id);
    if (ids.length > 0) this.#ids.set(version, ids);
    return ids;
  }

  async #filesOf(id: number, signal?: AbortSignal): Promise<readonly PackageFile[]> {
    const files = await this.#api.list(
      {
        doing: "reading the list of package files",
        method: "GET",
        path: `/packages/${id}/package_files`,
        accept: ({ status }) => status === 404,
        signal,
      },
      PackageFile,
    );
    // Somebody has deleted the package: what was in it is stored again, in another one.
    if (files === undefined) this.#ids.clear();
    return files ?? [];
  }

  #path(version: string, file: string): string {
    const parts = [this.#name, version, file].map(encodeURIComponent);
    return `/packages/generic/${parts.join("/")}`;
  }
}
