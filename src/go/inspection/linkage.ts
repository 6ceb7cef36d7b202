import type { Linkage } from "../../model/binary.ts";

/** Library names as the format lists them → what the model says of them. */
export function linkage(names: readonly string[], isSystem: (name: string) => boolean): Linkage {
  const libraries = sorted(names);
  if (libraries.length === 0) return { kind: "static", libraries };
  return { kind: libraries.every(isSystem) ? "system" : "dynamic", libraries };
}

/** ELF also names a loader, which has to be there even when no library is needed. */
export function elfLinkage(names: readonly string[], interpreter: string | undefined): Linkage {
  if (interpreter === undefined) return linkage(names, () => false);
  const platform = elfPlatforms.find((one) => one.interpreter.test(interpreter));
  const isSystem = (name: string): boolean => platform?.libraries.test(name) ?? false;
  const libraries = sorted(names);
  const kind = platform !== undefined && libraries.every(isSystem) ? "system" : "dynamic";
  return { kind, interpreter, libraries };
}

/**
 * The ELF systems on which the kernel's interface is its C library, so that Go itself links to it
 * with cgo off: the libraries are those of the `//go:cgo_import_dynamic` lines of Go's runtime and
 * syscall packages (OpenBSD since Go 1.16, Solaris and illumos always), and bionic's own on Android,
 * where the kernel starts only what its loader loads (cmd/go: android executables are always PIE).
 * Linux, FreeBSD, NetBSD and DragonFly have static programs; a loader there is always `dynamic`.
 */
const elfPlatforms = [
  { interpreter: /^\/usr\/libexec\/ld\.so$/, libraries: /^lib(c|pthread)\.so(\.\d+)*$/ },
  {
    interpreter: /^(\/usr)?\/lib\/((amd64|64)\/)?ld\.so\.1$/,
    libraries: /^lib(c|pthread|sendfile|socket)\.so(\.\d+)*$/,
  },
  { interpreter: /^\/system\/bin\/linker(64)?$/, libraries: /^lib(c|dl|log|m)\.so$/ },
] as const;

/**
 * Apple supports no static programs (Technical Q&A QA1118). These two folders belong to the system:
 * System Integrity Protection keeps everybody else out of them, `/usr/local` excepted.
 */
export function isAppleSystem(path: string): boolean {
  return (
    (path.startsWith("/usr/lib/") || path.startsWith("/System/Library/")) &&
    !path.split("/").includes("..")
  );
}

/** API sets, which the loader itself resolves, and the libraries every Windows carries. */
export function isWindowsSystem(name: string): boolean {
  const dll = name.toLowerCase();
  return /^(api|ext)-ms-win-[a-z0-9-]+\.dll$/.test(dll) || windowsLibraries.has(dll);
}

/**
 * The DLLs that Go's own packages name (kernel32.dll is the only one in every import table), the
 * registry's `KnownDLLs`, which Windows loads from its own folder only, and the rest of the Win32
 * API that import libraries of MinGW and the Windows SDK name. Run-times that travel with a compiler
 * (libgcc_s_seh-1.dll, libstdc++-6.dll, libwinpthread-1.dll, vcruntime140.dll) are not among them.
 */
const windowsLibraries = new Set(
  `advapi32 avrt bcrypt bcryptprimitives cfgmgr32 clbcatq combase comctl32 comdlg32 coml2 credui
   crypt32 cryptbase cryptui d2d1 d3d11 d3d12 d3d9 d3dcompiler_47 dbghelp dcomp dnsapi dwmapi dwrite
   dxgi fwpuclnt gdi32 gdiplus hid httpapi imagehlp imm32 iphlpapi kernel32 kernelbase mf mfplat
   mfreadwrite mpr msctf msimg32 msvcrt mswsock ncrypt netapi32 normaliz nsi ntdll ole32 oleacc
   oleaut32 opengl32 pdh powrprof propsys psapi rpcrt4 rstrtmgr sechost secur32 setupapi shcore
   shell32 shlwapi tdh ucrtbase user32 userenv usp10 uxtheme version wevtapi winhttp wininet winmm
   winscard wintrust wldap32 wlanapi ws2_32 wsock32 wtsapi32`
    .split(/\s+/)
    .map((name) => `${name}.dll`)
    .concat("winspool.drv"),
);

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
