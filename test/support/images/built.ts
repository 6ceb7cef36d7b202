import { Readable } from "node:stream";
import { writeLayer } from "../../../src/images/layers.ts";
import { type BuiltImage, writeDocuments } from "../../../src/images/made.ts";
import { readRepository } from "../../../src/images/reference.ts";
import { Registry } from "../../../src/images/registry/registry.ts";
import { ImageStore } from "../../../src/images/store.ts";
import type { PlannedImage } from "../../../src/model/image.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { BuiltImages } from "../../../src/release/images.ts";
import { files } from "../../../src/world/node/files.ts";
import { random } from "../../../src/world/node/random.ts";
import type { Clock, Http } from "../../../src/world/world.ts";
import { agePlan, linux, programOf } from "../releases/binaries.ts";
import { seededBytes } from "../seeded.ts";

/** Who may push to the registries of a campaign that ask for it. */
export const LOGIN = { user: "octo", password: "a password of nobody" };

/** Two repositories of one registry, the second of which may take over what the first has. */
export const NAMES = ["octo/age", "octo/age-extra"] as const;

const TAGS: PlannedImage["tags"] = [
  { name: "1.3.1" },
  { name: "1.3", follows: "line" },
  { name: "latest", follows: "latest" },
];

function plannedAt(repository: string): PlannedImage {
  const programs = [{ build: "linux/amd64", name: "age", path: "usr/local/bin/age" }];
  return {
    repository,
    base: "scratch",
    platforms: [{ target: linux, architecture: "amd64", programs }],
    tags: TAGS,
    entrypoint: ["/usr/local/bin/age"],
    cmd: [],
    ports: [],
    labels: { "org.opencontainers.image.title": repository.replace(/^.*\//u, "") },
    certificates: false,
    timeZones: false,
    archive: "images/age.oci.tar",
  };
}

/** The images of a release of age, made into a folder; a large one has a program that no small body holds. */
export async function builtImages(
  host: string,
  folder: string,
  { large }: { readonly large: boolean },
): Promise<BuiltImages> {
  const store = new ImageStore(folder, files);
  const name = "usr/local/bin/age";
  const bytes = large
    ? Buffer.from(seededBytes(1)(9 * 2 ** 20))
    : Buffer.from(programOf({ name: "age", target: linux }));
  const entry = {
    name,
    size: bytes.length,
    executable: true,
    open: () => Readable.from([bytes]),
  };
  const date = agePlan.release.date;
  const layer = await store.keep(
    (out) => writeLayer({ entries: [entry], comment: "age" }, new Date(date), out),
    ({ descriptor }) => descriptor.digest,
  );
  const images: BuiltImage[] = [];
  for (const repository of NAMES.map((one) => `${host}/${one}`)) {
    const planned = plannedAt(repository);
    const parts = planned.platforms.map((platform) => ({ platform, layers: [layer] }));
    images.push(await writeDocuments(planned, parts, date, store));
  }
  return { images, store };
}

/** The registries of the images, as a new process has them. */
export function registriesOf(
  { images }: BuiltImages,
  reach: { readonly http: Http; readonly clock: Clock; readonly login: boolean },
): ReadonlyMap<string, Registry> {
  const { http, clock, login } = reach;
  const password = new Secret(LOGIN.password);
  const credentials = login ? { user: LOGIN.user, password, origin: "the user octo" } : undefined;
  return new Map(
    images.map(({ planned: { repository: written } }) => {
      const repository = readRepository(written);
      if (repository === undefined) throw new Error(`${written} is no repository`);
      const siblings = [NAMES[0]];
      const options = { repository, credentials, trusted: [], siblings, http, clock, random };
      return [written, new Registry(options)];
    }),
  );
}
