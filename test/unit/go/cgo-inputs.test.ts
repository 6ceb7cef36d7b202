import { expect, it } from "vitest";
import { cgoInputs, HEADERS, LIBRARIES } from "../../../src/go/cgo-inputs.ts";

it("are what the flags of #cgo lines name", () => {
  expect(
    cgoInputs([
      ...["-I/m/include", "-I", "/m/more", "-isystem", "/usr/include", "-DX=1", "-O2"],
      ...["-include", "/m/all.h", "-L/m/lib", "-lfoo", "/m/libbar.a", "-Wl,-rpath,/m/so"],
    ]),
  ).toEqual({
    headers: ["/m/include", "/m/more", "/usr/include"],
    libraries: ["/m/lib"],
    files: ["/m/all.h", "/m/libbar.a"],
  });
});

it.each(["x.h", "x.hpp", "x.inc", "x.c", "x.S"])("%s is a header", (name) => {
  expect(HEADERS.test(name)).toBe(true);
  expect(LIBRARIES.test(name)).toBe(false);
});

it.each(["libx.a", "x.o", "libx.so", "libx.so.1.2", "x.dll", "x.lib"])(
  "%s is a library",
  (name) => {
    expect(LIBRARIES.test(name)).toBe(true);
    expect(HEADERS.test(name)).toBe(false);
  },
);
