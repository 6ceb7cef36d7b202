import { X509Certificate } from "@sigstore/core";
import { defined } from "../../model/defined.ts";

/** What the run of a workflow was of, as far as Fulcio certifies it (fulcio/docs/oid-info.md). */
export interface CertifiedSource {
  /** URL of the repository that the run belongs to; a reusable workflow may be another's. */
  readonly repository?: string;
  /** e.g. `refs/tags/v1.2.3`. */
  readonly ref?: string;
  /** Hash of the commit that the run was started for. */
  readonly commit?: string;
}

const REPOSITORY = "1.3.6.1.4.1.57264.1.12";
const COMMIT = "1.3.6.1.4.1.57264.1.13";
const REF = "1.3.6.1.4.1.57264.1.14";

/** The source of a certificate in DER; undefined where it is of no workflow. */
export function certifiedSource(der: Buffer): CertifiedSource | undefined {
  const certificate = X509Certificate.parse(Buffer.from(der));
  const read = (oid: string) =>
    certificate.extension(oid)?.valueObj.subs[0]?.value.toString("utf8");
  const source = defined({ repository: read(REPOSITORY), ref: read(REF), commit: read(COMMIT) });
  return Object.keys(source).length === 0 ? undefined : source;
}
