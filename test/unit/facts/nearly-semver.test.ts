import { expect, it } from "vitest";
import { nearlySemVer } from "../../../src/facts/nearly-semver.ts";

it.each([
  ["v1.02.3", "v1.2.3", "numbers have no leading zeros"],
  ["v01.2.3", "v1.2.3", "numbers have no leading zeros"],
  ["v1.2.3-rc.01", "v1.2.3-rc.1", "numbers have no leading zeros"],
  ["v2026.01.31", "v2026.1.31", "numbers have no leading zeros"],
  ["1.2", "1.2.0", "a version has three numbers"],
  ["v1", "v1.0.0", "a version has three numbers"],
  ["v1.2-rc1", "v1.2.0-rc1", "a version has three numbers"],
  ["V1.2.3", "v1.2.3", "the `v` is lower case"],
  ["v.1.2.3", "v1.2.3", "only a `v` comes before the version"],
  ["release-1.2.3", "v1.2.3", "only a `v` comes before the version"],
  ["v1.2.3rc1", "v1.2.3-rc1", "a prerelease follows a hyphen"],
  ["v1.2.3.rc1", "v1.2.3-rc1", "a prerelease follows a hyphen"],
  ["v1.2.3_rc1", "v1.2.3-rc1", "a prerelease follows a hyphen"],
  ["v1.2.3-rc_1", "v1.2.3-rc-1", "an underscore is not allowed"],
])("%s is nearly %s: %s", (written, meant, why) => {
  expect(nearlySemVer(written)).toEqual({ meant, why: [why] });
});

it("tells every rule that was broken", () => {
  expect(nearlySemVer("release/1.02")).toEqual({
    meant: "v1.2.0",
    why: [
      "only a `v` comes before the version",
      "a version has three numbers",
      "numbers have no leading zeros",
    ],
  });
});

it.each(["stable", "v1.2.3.4", "v1..2", "v1.2.x", "v1.2.3-", "", "v1.2.3", "v1.2.3-rc.1+b.01"])(
  "%j is anybody's guess, or SemVer",
  (written) => {
    expect(nearlySemVer(written)).toBeUndefined();
  },
);
