/** What other tools and people call the systems, architectures and levels of Go. */
const oses: Readonly<Record<string, string>> = {
  macos: "darwin",
  mac: "darwin",
  osx: "darwin",
  win: "windows",
  win32: "windows",
  win64: "windows",
};
const arches: Readonly<Record<string, string>> = {
  x64: "amd64",
  x86: "386",
  i386: "386",
  i686: "386",
  aarch64: "arm64",
  arm64v8: "arm64",
  "arm64/v8": "arm64",
  armhf: "arm/6",
  armv5: "arm/5",
  armv6: "arm/6",
  armv6l: "arm/6",
  armv7: "arm/7",
  armv7l: "arm/7",
  arm5: "arm/5",
  arm6: "arm/6",
  arm7: "arm/7",
  "arm/v5": "arm/5",
  "arm/v6": "arm/6",
  "arm/v7": "arm/7",
  amd64v1: "amd64",
  amd64v2: "amd64/v2",
  amd64v3: "amd64/v3",
  amd64v4: "amd64/v4",
  loongarch64: "loong64",
  ppc64el: "ppc64le",
};

/** A target as Go writes it, from how containers, GoReleaser or uname write it; undefined when nothing is known of it. */
export function respelt(target: string): string | undefined {
  const [os = "", ...rest] = target
    .toLowerCase()
    .replace(/x86[_-]64/u, "x64")
    .split(/[/_-]/u);
  if (rest.length === 0) return undefined;
  const arch = rest.join("/");
  const meant = `${oses[os] ?? os}/${arches[arch] ?? arches[rest.join("")] ?? arch}`;
  return meant === target ? undefined : meant;
}
