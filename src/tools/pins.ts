/** A Go program that others wrote, at the version that this program runs. */
export interface PinnedModule {
  readonly path: string;
  readonly version: string;
  /** As go.sum has it. */
  readonly sum: string;
}

/** What is named in plans and provenance; the tool's own go.mod and go.sum say the same. */
export const NFPM: PinnedModule = {
  path: "github.com/goreleaser/nfpm/v2",
  version: "v2.43.1",
  sum: "h1:y7i+5wlAuBqUEsTL4cZp0FjnNStoA/to9Yuju+MqZpc=",
};

/** OpenPGP, as kept by Proton. */
export const OPENPGP: PinnedModule = {
  path: "github.com/ProtonMail/go-crypto",
  version: "v1.3.0",
  sum: "h1:ILq8+Sf5If5DCpHQp4PbZdS1J7HDFRXz/+xKBiRGFrw=",
};
