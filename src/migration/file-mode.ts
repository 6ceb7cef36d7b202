/**
 * Permissions as octal digits. `0644` is a number whose digits are meant as they stand, `0o644` is 420 already; they
 * are told apart by what nobody writes: others who may do what the owner may not.
 */
export function fileMode(mode: number): string {
  const digits = String(mode).split("").map(Number);
  const [owner = 0, group = 0, other = 0] = digits;
  const meant =
    digits.length === 3 && digits.every((digit) => digit < 8) && owner === (owner | group | other);
  return meant ? `0${mode}` : `0${mode.toString(8)}`;
}
