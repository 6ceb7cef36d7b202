/** The payload of a sigstore bundle's DSSE envelope; undefined for anything else. Nothing is verified here. */
export function payloadOf(bundle: Uint8Array | undefined): Buffer | undefined {
  if (bundle === undefined) return undefined;
  try {
    const { dsseEnvelope } = JSON.parse(Buffer.from(bundle).toString("utf8")) as {
      dsseEnvelope?: { payload?: unknown };
    };
    const payload = dsseEnvelope?.payload;
    return typeof payload === "string" ? Buffer.from(payload, "base64") : undefined;
  } catch {
    return undefined;
  }
}
