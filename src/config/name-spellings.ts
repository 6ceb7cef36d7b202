import { plans } from "./commands.ts";
import { map } from "./input-types.ts";

/** How os and arch are written in names of files. */
export const spellings = map(
  "how `{os}`, `{arch}` and `{target}` are spelled in file names: `darwin=macOS`, `amd64=x86_64`, `arm/6=armv6`, `windows/386=win32`",
  {},
  {
    names: /^[a-z0-9]+(\/[a-z0-9]+(\/[A-Za-z0-9.,+]+)?)?$/u,
    refuse: () => undefined,
    commands: plans,
  },
);
