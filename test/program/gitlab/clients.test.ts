import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { assets } from "../../support/assets.ts";
import { clientOf } from "../../support/gitlab/client.ts";
import { FakeGitLab, PRIVATE_TOKEN } from "../../support/gitlab/fake-gitlab.ts";
import { digests, ship } from "../../unit/forges/contract.ts";
import { itWith, tools } from "./tools.ts";

/** python-gitlab reads the release with all its files, adds a link and describes it anew. */
const READ_AND_EXTEND = `
import hashlib, json, sys, gitlab
url, token, project = sys.argv[1:4]
project = gitlab.Gitlab(url, private_token=token).projects.get(project)
release = project.releases.get("v1.0.0")
found = {}
for package in project.packages.list(iterator=True):
    for file in package.package_files.list(iterator=True):
        data = project.generic_packages.download(package.name, package.version, file.file_name)
        found[file.file_name] = hashlib.sha256(data).hexdigest()
links = [[link.name, link.link_type, link.direct_asset_url] for link in release.links.list(get_all=True)]
release.links.create({"name": "docs", "url": "https://docs.example", "link_type": "runbook"})
release.description = "Described by a person."
release.save()
print(json.dumps({"found": found, "links": links, "tag": release.tag_name}))
`;

describe("python-gitlab", () => {
  itWith("python")(
    "reads and extends what was published, and a later run leaves it alone",
    async () => {
      const fake = new FakeGitLab();
      await fake.server.listen();
      const { url } = await ship(clientOf(fake), assets());
      const args = [
        "-c",
        READ_AND_EXTEND,
        fake.serverUrl,
        PRIVATE_TOKEN,
        fake.project.options.path,
      ];
      const { stdout } = await promisify(execFile)(tools.python, args);
      const seen = JSON.parse(stdout);
      expect(seen.tag).toBe("v1.0.0");
      expect(seen.found).toEqual(digests(assets()));
      expect(Object.fromEntries(seen.links.map(([name, , url]: string[]) => [name, url]))).toEqual(
        Object.fromEntries(assets().map(({ name }) => [name, `${url}/downloads/${name}`])),
      );
      expect(await ship(clientOf(fake), assets())).toMatchObject({ changed: false });
      const release = fake.project.releases.get("v1.0.0");
      expect(release?.description).toBe("Described by a person.");
      expect(release?.links.map(({ name }) => name)).toContain("docs");
      await fake.server.close();
      expect(fake.server.violations).toEqual([]);
    },
  );
});
