/**
 * Digests by the number of the shard, from an object with a member `shard-N` for each; others are not looked at.
 * Undefined when it names no shard, or a digest is none.
 */
export function readShardDigests(text: string): ReadonlyMap<number, string> | undefined {
  const members = Object.entries(parseObject(text) ?? {}).flatMap(([name, digest]) => {
    const index = /^shard-([1-9]\d{0,2})$/u.exec(name)?.[1];
    return index === undefined ? [] : [[Number(index), digest] as const];
  });
  const digests = members.filter((member): member is readonly [number, string] =>
    /^[0-9a-f]{64}$/u.test(String(member[1])),
  );
  return digests.length === 0 || digests.length < members.length ? undefined : new Map(digests);
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
