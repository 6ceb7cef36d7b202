import { isLevelVariable } from "./levels.ts";

type GoCallerEnvironment = Readonly<Record<string, string | undefined>>;

/** Settings that change what `go build` makes, and count for nothing here: inputs say the same on every machine. */
const building =
  /^(GOFLAGS|GOEXPERIMENT|GOFIPS140|GOOS|GOARCH|GO111MODULE|GOROOT|GOCACHEPROG|GO_EXTLINK_ENABLED|CGO_ENABLED)$/u;

/** Those that only cgo reads, by itself or through the C compiler. */
const compilingC =
  /^(CGO_(C|CPP|CXX|F|LD)FLAGS(_ALLOW|_DISALLOW)?|CC|CXX|FC|AR|CC_FOR_TARGET|PKG_CONFIG\w*|CPATH|C(PLUS)?_INCLUDE_PATH|LIBRARY_PATH|LD_LIBRARY_PATH|SDKROOT|MACOSX_DEPLOYMENT_TARGET)$/u;

export function isOfCgo(name: string): boolean {
  return compilingC.test(name);
}

/** What would have counted for a plain `go build` here: of the environment, else of the `go env -w` file. */
export function setAside(env: GoCallerEnvironment, file: string): Readonly<Record<string, string>> {
  const all = Object.entries({ ...settingsIn(file), ...withoutEmpty(env) });
  return Object.fromEntries(
    all
      .filter(([name]) => building.test(name) || compilingC.test(name) || isLevelVariable(name))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** `NAME=value` lines and comments (cmd/go/internal/cfg, readEnvFile). */
function settingsIn(file: string): Record<string, string> {
  return Object.fromEntries(
    [...file.matchAll(/^([A-Z]\w*)=(.+?)\r?$/gmu)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
}

function withoutEmpty(env: GoCallerEnvironment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value]],
    ),
  );
}
