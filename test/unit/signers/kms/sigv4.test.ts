import { expect, it } from "vitest";
import { Secret } from "../../../../src/model/secret.ts";
import { signedHeaders } from "../../../../src/signers/kms/sigv4.ts";

const who = {
  keyId: "AKIDEXAMPLE",
  secretKey: new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
};
const request = {
  url: "https://example.amazonaws.com/",
  region: "us-east-1",
  service: "service",
  now: Date.parse("2015-08-30T12:36:00Z"),
};

/** From AWS' own suite for Signature Version 4. */
it.each([
  ["post-vanilla", {}, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  [
    "post-x-www-form-urlencoded",
    { "content-type": "application/x-www-form-urlencoded" },
    "Param1=value1",
    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  ],
])("%s", (_name, headers, body, signature) => {
  const { authorization } = signedHeaders({ ...request, headers, body }, who);
  expect(authorization).toContain(`Signature=${signature}`);
  expect(authorization).toContain("Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request");
});
