import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  scryptSync,
} from "node:crypto";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { describe, expect, it } from "vitest";
import { Problem } from "../../../../src/model/problem.ts";
import { Secret } from "../../../../src/model/secret.ts";
import { keyHint } from "../../../../src/signers/bundles/key-hint.ts";
import { publicPem, readPrivateKey } from "../../../../src/signers/key/private-key.ts";

const PASSWORD = "correct horse";
const ecdsa = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

function seal(
  key: KeyObject,
  label: string,
  { N = 32_768, r = 8, p = 1, cipher = "nacl/secretbox" } = {},
) {
  const [salt, nonce] = [Buffer.alloc(32, 1), Buffer.alloc(24, 2)];
  const secret = scryptSync(PASSWORD, salt, 32, { N, r, p, maxmem: 256 * N * r });
  const der = key.export({ type: "pkcs8", format: "der" });
  const json = JSON.stringify({
    kdf: { name: "scrypt", params: { N, r, p }, salt: salt.toString("base64") },
    cipher: { name: cipher, nonce: nonce.toString("base64") },
    ciphertext: Buffer.from(xsalsa20poly1305(secret, nonce).encrypt(der)).toString("base64"),
  });
  return pem(label, Buffer.from(json));
}
function pem(label: string, body: Buffer) {
  return `-----BEGIN ${label}-----\n${body.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;
}
function read(text: string, password?: string) {
  return readPrivateKey(
    new Secret(text),
    password === undefined ? undefined : new Secret(password),
  );
}
function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    return error as Problem;
  }
  return expect.fail("it did not fail");
}
function sameAs(a: KeyObject, b: KeyObject) {
  return expect(publicPem(a)).toBe(publicPem(b));
}

describe("a key of cosign's", () => {
  it.each(["ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"])(
    "labelled %s opens",
    (label) => {
      sameAs(read(seal(ecdsa, label), PASSWORD), ecdsa);
    },
  );

  it.each([32_768, 65_536, 131_072])("opens at cost %d", (N) => {
    sameAs(read(seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY", { N }), PASSWORD), ecdsa);
  });

  it.each([
    [
      "a wrong password",
      seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY"),
      "wrong horse",
      "password does not decrypt",
    ],
    ["no password", seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY"), undefined, "none was given"],
    [
      "a cost of 16",
      seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY", { N: 16 }),
      PASSWORD,
      "N=16, r=8, p=1",
    ],
    ["another r", seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY", { r: 4 }), PASSWORD, "r=4"],
    [
      "another cipher",
      seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY", { cipher: "aes" }),
      PASSWORD,
      "not encrypted with",
    ],
    [
      "a damaged body",
      pem("ENCRYPTED SIGSTORE PRIVATE KEY", Buffer.from("{")),
      PASSWORD,
      "not JSON",
    ],
  ])("with %s is refused", (_what, text, password, words) => {
    expect(problemOf(() => read(text, password)).message).toContain(words);
  });
});

function exported(key: KeyObject, options: object) {
  return key.export({ format: "pem", ...options } as never) as unknown as string;
}
const sealed = { cipher: "aes-256-cbc", passphrase: PASSWORD };

/** `openssl pkcs8 -topk8 -v1 PBE-MD5-DES` wrote it. */
const DES = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGwMBsGCSqGSIb3DQEFAzAOBAivDnwfRHtQLwICCAAEgZCZZP960VDVWDlpfMfg
akHFOtVy5UV5TekFNvXZJOk6Js+V5/8h6MRi5jPSweukdfu4O+1babSqhnSOiYTK
Nq5hglULwB8X8ZUFio350I6lpCrdxDovJFQfV8PK8XcVTPVlt3XyhzAhuDQV/CBG
747MQ/rKL7DlQYdaQDkrb8YPLIAr5ICOhEkV3mqBJmgfJho=
-----END ENCRYPTED PRIVATE KEY-----
`;
/** `openssl ec -des` writes such headers. */
const OLD_DES = `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: DES-CBC,0A8C2F8F0B7C5D1E

AAAAAAAAAAA=
-----END EC PRIVATE KEY-----
`;

describe("a key as PEM", () => {
  it.each([
    ["ECDSA, PKCS#8", ecdsa, exported(ecdsa, { type: "pkcs8" })],
    ["ECDSA, SEC 1", ecdsa, exported(ecdsa, { type: "sec1" })],
    ["RSA, PKCS#8", rsa, exported(rsa, { type: "pkcs8" })],
    ["RSA, PKCS#1", rsa, exported(rsa, { type: "pkcs1" })],
    ["ECDSA, PKCS#8 sealed", ecdsa, exported(ecdsa, { type: "pkcs8", ...sealed })],
    ["RSA, PKCS#1 sealed", rsa, exported(rsa, { type: "pkcs1", ...sealed })],
  ])("%s opens", (_what, key, text) => sameAs(read(text, PASSWORD), key));

  it.each([
    [
      "a wrong password",
      exported(ecdsa, { type: "pkcs8", ...sealed }),
      "x",
      "password does not decrypt",
    ],
    ["no password", exported(ecdsa, { type: "pkcs8", ...sealed }), undefined, "none was given"],
    ["a public key", publicPem(ecdsa), undefined, "its label is PUBLIC KEY"],
    [
      "cosign does",
      pem("OPENSSH PRIVATE KEY", Buffer.from("openssh-key-v1")),
      undefined,
      "its label is OPENSSH PRIVATE KEY",
    ],
    [
      "something of another kind",
      pem("PKCS7", Buffer.from("x")),
      undefined,
      "not that of a private",
    ],
    ["DER", "0\u0082\u0001", undefined, "not PEM"],
    ["damage", pem("PRIVATE KEY", Buffer.from("x")), undefined, "corrupted"],
    ["something else", "hello", undefined, "not PEM"],
    ["a cipher of another age", DES, PASSWORD, "does not offer, such as DES or RC2"],
    ["DES in PEM's old headers", OLD_DES, PASSWORD, "does not offer, such as DES or RC2"],
  ])("with %s is refused", (_what, text, password, words) => {
    expect(problemOf(() => read(text, password)).message).toContain(words);
  });
});

const kept: [string, (text: string) => string][] = [
  ["with Windows' line breaks", (text) => text.replaceAll("\n", "\r\n")],
  ["with its line breaks written out", (text) => text.replaceAll("\n", "\\n")],
  ["with blanks for line breaks", (text) => text.replaceAll("\n", " ")],
  ["indented", (text) => text.replaceAll(/^/gmu, "    ")],
  ["in base64", (text) => Buffer.from(text).toString("base64")],
  ["in base64, wrapped", (text) => exported64(text)],
  ["behind OpenSSL's parameters", (text) => `${PARAMETERS}${text}`],
];
function exported64(text: string) {
  return Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\n");
}
const PARAMETERS = pem("EC PARAMETERS", Buffer.from("06082a8648ce3d030107", "hex"));
describe("a key as places that keep secrets leave it", () => {
  it.each(kept)("%s opens", (_how, disguise) => {
    sameAs(read(disguise(exported(ecdsa, { type: "pkcs8" }))), ecdsa);
    sameAs(read(disguise(exported(rsa, { type: "pkcs1" }))), rsa);
    sameAs(read(disguise(seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY")), PASSWORD), ecdsa);
  });
});

const others: [string, () => KeyObject][] = [
  ["Ed448", () => generateKeyPairSync("ed448").privateKey],
  ["ECDSA P-224", () => generateKeyPairSync("ec", { namedCurve: "P-224" }).privateKey],
  ["ECDSA secp256k1", () => generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey],
  ["RSA-1024", () => generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey],
  ["RSA-PSS", () => generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).privateKey],
  ["X25519", () => generateKeyPairSync("x25519").privateKey],
];
it.each(others)("a key of type %s is refused by name, sealed or not", (name, make) => {
  const key = make();
  const words = `the signing key is of type ${name}, which is not supported`;
  expect(problemOf(() => read(exported(key, { type: "pkcs8" }))).message).toBe(words);
  const text = seal(key, "ENCRYPTED SIGSTORE PRIVATE KEY");
  expect(problemOf(() => read(text, PASSWORD)).message).toBe(words);
});

describe("the password", () => {
  const cosign = seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY");
  const openssl = exported(ecdsa, { type: "pkcs8", ...sealed });
  it.each(["\n", "\r\n", "\n\n"])("may end in a line break (%j) that is not part of it", (end) => {
    sameAs(read(cosign, PASSWORD + end), ecdsa);
    sameAs(read(openssl, PASSWORD + end), ecdsa);
  });

  it("keeps a line break that is part of it", () => {
    const text = exported(ecdsa, { type: "pkcs8", ...sealed, passphrase: `${PASSWORD}\n` });
    sameAs(read(text, `${PASSWORD}\n`), ecdsa);
    expect(problemOf(() => read(text, PASSWORD)).message).toContain("password does not decrypt");
  });

  it.each([
    ["", "COSIGN_PASSWORD is empty: set it"],
    ["\n", "COSIGN_PASSWORD is empty: set it"],
    [
      "/builds/acme/tool.tmp/COSIGN_PASSWORD",
      "is the path of a file, like a GitLab variable of type File: change its type to",
    ],
    ["$COSIGN_PASSWORD", "is the name of a variable that is not set here"],
    [` ${PASSWORD}`, "begins or ends with a space"],
    [`${PASSWORD} \n`, "begins or ends with a space"],
    [`"${PASSWORD}"`, "is in quotes"],
    ["wrong horse", "check that COSIGN_PASSWORD is the password of this key"],
  ])("%j that opens nothing is told what may be wrong with it", (password, hint) => {
    for (const text of [cosign, openssl]) {
      const problem = problemOf(() => read(text, password));
      expect(problem.message).toContain("the password does not decrypt");
      expect(problem.hint).toContain(hint);
      if (password.trim() !== "")
        expect(`${problem.message} ${problem.hint}`).not.toContain(password.trim());
    }
  });
});

describe("a key that signs nothing here", () => {
  it.each([
    [publicPem(ecdsa), "give the private one, `cosign.key`"],
    [pem("CERTIFICATE", Buffer.from("x")), "a certificate cannot sign"],
    [pem("OPENSSH PRIVATE KEY", Buffer.from("x")), "create a key with `cosign generate-key-pair`"],
    [
      pem("PGP PRIVATE KEY BLOCK", Buffer.from("x")),
      "cosign cannot verify signatures of a GnuPG key: create a key",
    ],
  ])("is told so by its label: %#", (text, hint) => {
    expect(problemOf(() => read(text)).hint).toContain(hint);
  });

  it("is called what people know it by", () => {
    const secret = new Secret(pem("ENCRYPTED SIGSTORE PRIVATE KEY", Buffer.from("{")));
    const name = "the key keys/cosign.key (--sign-key)";
    expect(problemOf(() => readPrivateKey(secret, new Secret("x"), name)).message).toBe(
      "the key keys/cosign.key (--sign-key) cannot be read: its body is not JSON",
    );
  });
});

it("no failure shows the key or the password", () => {
  const text = seal(ecdsa, "ENCRYPTED SIGSTORE PRIVATE KEY");
  const problem = problemOf(() => read(text, "wrong horse"));
  const everything = `${problem.stack} ${JSON.stringify(problem)} ${String(problem.cause)}`;
  expect(everything).not.toContain("wrong horse");
  expect(everything).not.toContain(text.split("\n")[1]);
});

it("a key's hint is what cosign writes", () => {
  const der = createPublicKey(ecdsa).export({ type: "spki", format: "der" });
  expect(keyHint(createPublicKey(ecdsa))).toBe(createHash("sha256").update(der).digest("base64"));
});
