import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isSignedTwin } from "../../../src/verification/package-signatures.ts";

function member(name: string, text: string): Buffer {
  const head = `${name.padEnd(16)}0           0     0     100644  ${String(text.length).padEnd(10)}\`\n`;
  return Buffer.from(head + text + "\n".repeat(text.length % 2));
}

function signatureTar(name: string, text: string): Buffer {
  const head = Buffer.alloc(512);
  head.write(name);
  head.write(text.length.toString(8).padStart(11, "0"), 124);
  const body = Buffer.alloc(512);
  body.write(text);
  return Buffer.concat([head, body]);
}

/** Lead, the header of digests and signatures, and the rest. */
function rpm(tags: readonly (readonly [number, string])[], rest = "header and payload"): Buffer {
  const index: Buffer[] = [];
  let store = "";
  for (const [tag, text] of tags) {
    const entry = Buffer.alloc(16);
    [tag, 7, store.length, text.length].forEach((value, at) => {
      entry.writeUInt32BE(value, 4 * at);
    });
    index.push(entry);
    store += text;
  }
  const intro = Buffer.alloc(16);
  intro.writeUInt32BE(0x8e_ad_e8_01);
  intro.writeUInt32BE(tags.length, 8);
  intro.writeUInt32BE(store.length, 12);
  const fill = Buffer.alloc(Math.ceil(store.length / 8) * 8 - store.length);
  return Buffer.concat([
    Buffer.alloc(96, 1),
    intro,
    ...index,
    Buffer.from(store),
    fill,
    Buffer.from(rest),
  ]);
}

describe("a package that was built again", () => {
  const deb = Buffer.concat([Buffer.from("!<arch>\n"), member("debian-binary", "2.0\n")]);
  const apk = gzipSync("control and data");
  const plain = rpm([[273, "digest"]]);
  const signature = gzipSync(signatureTar(".SIGN.RSA.k.rsa.pub", "signature"));

  it.each([
    ["deb", Buffer.concat([deb, member("_gpgorigin", "signature")]), deb],
    ["apk", Buffer.concat([signature, apk]), apk],
    [
      "rpm",
      rpm([
        [268, "signature"],
        [273, "digest"],
        [1002, "signature"],
      ]),
      plain,
    ],
  ])("is the released one but for its signature (%s)", (format, released, rebuilt) => {
    expect(isSignedTwin(`tool.${format}`, released, rebuilt)).toBe(true);
    expect(isSignedTwin("tool.zip", released, rebuilt)).toBe(false);
  });

  it.each([
    ["deb", "another member", Buffer.concat([deb, member("data.tar.gz", "more")]), deb],
    ["deb", "two members", Buffer.concat([deb, member("_gpgorigin", "s"), member("x", "s")]), deb],
    ["deb", "nothing more", deb.subarray(0, -1), deb],
    ["apk", "another file", Buffer.concat([gzipSync(signatureTar("usr/bin/tool", "x")), apk]), apk],
    [
      "apk",
      "two files",
      Buffer.concat([
        gzipSync(Buffer.concat([signatureTar(".SIGN.RSA.k", "x"), signatureTar("usr", "x")])),
        apk,
      ]),
      apk,
    ],
    ["apk", "no gzip", Buffer.concat([Buffer.from("text"), apk]), apk],
    [
      "rpm",
      "another digest",
      rpm([
        [268, "signature"],
        [273, "digesu"],
      ]),
      plain,
    ],
    [
      "rpm",
      "another tag",
      rpm([
        [273, "digest"],
        [1003, "more"],
      ]),
      plain,
    ],
    [
      "rpm",
      "another payload",
      rpm(
        [
          [268, "signature"],
          [273, "digest"],
        ],
        "header and paylaod",
      ),
      plain,
    ],
    ["rpm", "half a header", plain.subarray(0, 120), plain],
    ["rpm", "no header", Buffer.alloc(200), plain],
  ])("is another one (%s, %s)", (format, _, released, rebuilt) => {
    expect(isSignedTwin(`tool.${format}`, released, rebuilt)).toBe(false);
  });
});
