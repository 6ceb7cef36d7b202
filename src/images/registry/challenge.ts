/** What a registry asks for before it answers (RFC 9110 §11.6.1; distribution's token specification). */
export type Challenge =
  | { readonly kind: "basic" }
  | { readonly kind: "bearer"; readonly realm: string; readonly service: string | undefined };

/** Reads `WWW-Authenticate`; undefined for what asks for neither a password nor a token. */
export function readChallenge(header: string | undefined): Challenge | undefined {
  const [, scheme = "", rest = ""] = /^\s*(\w+)\s*(.*)$/su.exec(header ?? "") ?? [];
  if (/^basic$/iu.test(scheme)) return { kind: "basic" };
  if (!/^bearer$/iu.test(scheme)) return undefined;
  const parameters = new Map(
    [...rest.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/gu)].map(
      ([, name = "", quoted, plain]) => [name.toLowerCase(), quoted ?? plain ?? ""],
    ),
  );
  const realm = parameters.get("realm");
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  return { kind: "bearer", realm, service: parameters.get("service") };
}
