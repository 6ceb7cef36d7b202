/** The DER of one PEM block (RFC 7468). */
export const derOf = (pem: string): Buffer =>
  Buffer.from(pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, ""), "base64");
