import { expect, it } from "vitest";
import { setAside } from "../../../src/go/set-aside.ts";

it("settings of the environment come before those of `go env -w`", () => {
  const file =
    "# written by hand\nGOFLAGS=-race\r\nGOEXPERIMENT=jsonv2\nGOPROXY=direct\n\nbroken\n";
  const env = {
    GOFLAGS: "-cover",
    GOAMD64: "v3",
    CC: "clang",
    GOPRIVATE: "x",
    GOFIPS140: "",
    PATH: "/bin",
  };
  expect(setAside(env, file)).toEqual({
    CC: "clang",
    GOAMD64: "v3",
    GOEXPERIMENT: "jsonv2",
    GOFLAGS: "-cover",
  });
});
