import { misgiven, type Secret } from "../../model/secret.ts";

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
  if (/^\s|\s$/u.test(given))
    return "COSIGN_PASSWORD begins or ends with a space, which counts: check whether it belongs to the password";
  switch (misgiven(given)) {
    case "path":
      return "COSIGN_PASSWORD is the path of a file, like a GitLab variable of type File: change its type to Variable";
    case "reference":
      return "COSIGN_PASSWORD is the name of a variable that is not set here: a protected variable is only available to protected tags, a secret only to workflows it is passed to";
    case "quoted":
      return "COSIGN_PASSWORD is in quotes, which count: check whether they belong to the password";
    case undefined:
      break;
  }
  return "check that COSIGN_PASSWORD is the password of this key";
}
