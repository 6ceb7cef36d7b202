import { isPathOfSecret, type Secret } from "../../model/secret.ts";

/**
 * Opens with the password as it was given or, where that ends in a line break, without: `echo` adds one, and places
 * that keep secrets keep it. Undefined when neither opens.
 */
export function openedWith<T>(
  password: Secret,
  open: (password: string) => T | undefined,
): T | undefined {
  const given = password.reveal();
  const plain = withoutLineBreak(given);
  return open(given) ?? (plain === given ? undefined : open(plain));
}

export function withoutLineBreak(password: string): string {
  return password.replace(/[\r\n]+$/u, "");
}

/** What may be wrong with a password that does not open the key; it says nothing of what it is. */
export function passwordCure(password: Secret): string {
  const given = withoutLineBreak(password.reveal());
  if (given === "") return "COSIGN_PASSWORD is empty: set it to the key's password";
  if (isPathOfSecret(given))
    return "COSIGN_PASSWORD is the path of a file, as a GitLab variable of the type File is: make it one of the type Variable";
  if (/^\s|\s$/u.test(given))
    return "COSIGN_PASSWORD begins or ends with a blank, which counts: see whether it belongs to the password";
  if (/^(["']).*\1$/su.test(given))
    return "COSIGN_PASSWORD stands in quotes, which count: see whether they belong to the password";
  return "see whether COSIGN_PASSWORD is the password of this very key";
}
