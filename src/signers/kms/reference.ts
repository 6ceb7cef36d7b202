/** A key in a service that signs without ever giving it out, by cosign's own references. */
export type KeyReference =
  | { readonly service: "hashivault" | "openbao"; readonly name: string }
  | {
      readonly service: "awskms";
      /** Host and port instead of the region's own endpoint. */
      readonly host?: string;
      /** An id, an ARN, or `alias/NAME`. */
      readonly id: string;
    }
  | {
      readonly service: "gcpkms";
      /** `projects/P/locations/L/keyRings/R/cryptoKeys/K`. */
      readonly key: string;
      readonly version?: string;
    }
  | {
      readonly service: "azurekms";
      readonly host: string;
      readonly name: string;
      readonly version?: string;
    };

export type KeyServiceName = KeyReference["service"];

/** As people know them. */
export const keyServiceNames: Readonly<Record<KeyServiceName, string>> = {
  hashivault: "Vault",
  openbao: "OpenBao",
  awskms: "AWS KMS",
  gcpkms: "Google Cloud KMS",
  azurekms: "Azure Key Vault",
};

/** What each reference looks like, for whoever wrote it otherwise. */
export const keyReferenceForms: Readonly<Record<KeyServiceName, string>> = {
  hashivault: "hashivault://NAME",
  openbao: "openbao://NAME",
  awskms: "awskms:///alias/NAME, awskms:///ID or awskms:///ARN",
  gcpkms:
    "gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K, with or without /cryptoKeyVersions/N",
  azurekms: "azurekms://VAULT.vault.azure.net/NAME, with or without /VERSION",
};

type Groups = Readonly<Record<string, string | undefined>>;
interface Form {
  readonly pattern: RegExp;
  readonly read: (groups: Groups) => KeyReference;
}

/** sigstore/pkg/signature/kms: the pattern of each client. */
const forms: Readonly<Record<KeyServiceName, Form>> = {
  hashivault: {
    pattern: /^hashivault:\/\/(?<name>\w(?:[\w.-]*\w)?)$/u,
    read: ({ name = "" }) => ({ service: "hashivault", name }),
  },
  openbao: {
    pattern: /^openbao:\/\/(?<name>\w(?:[\w.-]*\w)?)$/u,
    read: ({ name = "" }) => ({ service: "openbao", name }),
  },
  awskms: {
    pattern:
      /^awskms:\/\/(?<host>(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?)?\/(?<id>(?:arn:[\w-]+:kms:[\w-]+:\d+:)?(?:key\/|alias\/)?[\w/-]+)$/u,
    read: ({ host, id = "" }) => ({
      service: "awskms",
      id,
      ...(host === undefined ? {} : { host }),
    }),
  },
  gcpkms: {
    pattern:
      /^gcpkms:\/\/(?<key>projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+)(?:\/(?:cryptoKeyVersions|versions)\/(?<version>\d+))?$/u,
    read: ({ key = "", version }) => ({
      service: "gcpkms",
      key,
      ...(version === undefined ? {} : { version }),
    }),
  },
  azurekms: {
    pattern:
      /^azurekms:\/\/(?<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)\/(?<name>[A-Za-z0-9-]+)(?:\/(?<version>[0-9a-f]{32}))?$/u,
    read: ({ host = "", name = "", version }) => ({
      service: "azurekms",
      host,
      name,
      ...(version === undefined ? {} : { version }),
    }),
  },
};

/** The service that a reference is of; undefined for paths, keys and other references. */
export function keyServiceOf(given: string): KeyServiceName | undefined {
  const [, scheme = ""] = /^\s*([a-z]+):\/\//u.exec(given) ?? [];
  return Object.hasOwn(forms, scheme) ? (scheme as KeyServiceName) : undefined;
}

/** Undefined for what is no reference, or not written as its service's are. */
export function readKeyReference(given: string): KeyReference | undefined {
  const service = keyServiceOf(given);
  if (service === undefined) return undefined;
  const { pattern, read } = forms[service];
  const groups = pattern.exec(given.trim())?.groups;
  return groups === undefined ? undefined : read(groups);
}
