/** The payload type of an in-toto statement (in-toto attestation v1, envelope layer). */
export const IN_TOTO = "application/vnd.in-toto+json";

/** What is signed of an envelope: DSSE's pre-authentication encoding (DSSE protocol v1). */
export function preAuthEncoding(type: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
