#!/bin/sh
# begin of the release
app=tool
version=1.2.3
releases=https://example.com/tool/releases/download/v1.2.3
other_before=https://example.com/tool/releases/download/v
other_after=
plus=+
list=checksums.txt
windows=
machines_known='linux/amd64'
release_file() {
  case $1 in
  linux/amd64)
    file=tool_1.2.3_linux_amd64.tar.gz
    sum=0000000000000000000000000000000000000000000000000000000000000000
    format=tar.gz
    programs='tool=tool'
    ;;
  *) return 1 ;;
  esac
}
verify_list() {
  return 1
}
# end of the release
set -eu

usage() {
  cat <<TEXT
Installs $app $version: finds the file for this machine, checks its sha256
against the one in this script, and puts its programs into a folder. It asks
for no root, and changes nothing else. If cosign is installed, it also verifies
who signed the release.

Usage: install.sh [OPTION]...
       curl -fsSL URL | sh -s -- [OPTION]...

  --to DIR           folder to install into; default: \$XDG_BIN_HOME or
                     ~/.local/bin, for root /usr/local/bin
  --version VERSION  install that release instead, with its own install.sh
  --from URL         folder with the files of this release, such as a mirror
  --no-cosign        do not verify the signature, even if cosign is installed
  --dry-run          only show what would be installed
  --help             show this help
TEXT
}

say() {
  printf '%s\n' "$app: $*" >&2
}

fail() {
  say "error: $*"
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# What goes with this process, however it ends.
work=
staged=
made=
# shellcheck disable=SC2317 # a trap calls it
cleanup() {
  trap - EXIT
  trap '' HUP INT TERM
  [ -z "$work" ] || rm -rf "$work"
  for one in $staged; do rm -f "$folder/.$one.$$"; done
  [ -z "$made" ] || rmdir "$made" 2>/dev/null || :
}

main() {
  folder=
  wanted=
  from=
  cosign=yes
  dry=no
  while [ $# -gt 0 ]; do
    case $1 in
    --to | --version | --from)
      [ $# -gt 1 ] || fail "$1 needs a value"
      case $1 in
      --to) folder=$2 ;;
      --version) wanted=${2#v} ;;
      --from) from=${2%/} ;;
      esac
      shift
      ;;
    --to=*) folder=${1#*=} ;;
    --version=*) wanted=${1#*=} && wanted=${wanted#v} ;;
    --from=*) from=${1#*=} && from=${from%/} ;;
    --no-cosign) cosign=no ;;
    --dry-run) dry=yes ;;
    -h | --help)
      usage
      exit
      ;;
    *) fail "unknown option $1; see --help" ;;
    esac
    shift
  done
  trap cleanup EXIT
  trap 'cleanup; exit 129' HUP
  trap 'cleanup; exit 130' INT
  trap 'cleanup; exit 143' TERM
  [ -z "$wanted" ] || [ "$wanted" = "$version" ] || other_release
  choose_folder
  detect
  choose_file
  if [ "$dry" = yes ]; then
    printf '%s\n' "would download $(address "$file")" "sha256 $sum"
    for program in $programs; do printf '%s\n' "would install $folder/${program##*=}"; done
    exit
  fi
  make_work
  fetch_file
  verify_signature
  unpack
  install_programs
}

make_work() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/$app-install.XXXXXX") || fail "no temporary folder can be made"
}

# The installer of another release has the digests of that release.
other_release() {
  [ -z "$from" ] || fail "--from has the files of $version only: leave out --version"
  case $wanted in
  *[!0-9A-Za-z.+-]*) fail "$wanted is not a version, such as $version" ;;
  esac
  make_work
  fetch "$other_before$wanted$other_after/install.sh" "$work/install.sh" ||
    fail "release $wanted has no install.sh, or does not exist"
  set --
  [ -z "$folder" ] || set -- "$@" --to "$folder"
  [ "$cosign" = yes ] || set -- "$@" --no-cosign
  [ "$dry" = no ] || set -- "$@" --dry-run
  status=0
  sh "$work/install.sh" "$@" || status=$?
  exit "$status"
}

choose_folder() {
  if [ -z "$folder" ]; then
    if [ "$(id -u)" = 0 ]; then
      folder=/usr/local/bin
    elif [ -n "${XDG_BIN_HOME:-}" ]; then
      folder=$XDG_BIN_HOME
    else
      [ -n "${HOME:-}" ] || fail "HOME is not set: give a folder with --to"
      folder=$HOME/.local/bin
    fi
  fi
  case $folder in
  /*) ;;
  *) folder=$PWD/$folder ;;
  esac
}

# The machines whose programs this one runs, the best first.
detect() {
  system=$(uname -s)
  processor=$(uname -m)
  case $system in
  Linux)
    os=linux
    [ "$(uname -o 2>/dev/null)" != Android ] || os=android
    ;;
  Darwin)
    os=darwin
    # Under Rosetta `uname` tells of the processor that is imitated.
    [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" != 1 ] || processor=arm64
    ;;
  FreeBSD) os=freebsd ;;
  OpenBSD) os=openbsd ;;
  NetBSD) os=netbsd ;;
  DragonFly) os=dragonfly ;;
  SunOS)
    os=solaris
    [ "$(uname -o 2>/dev/null)" != illumos ] || os=illumos
    [ "$processor" != i86pc ] || processor=x86_64
    ;;
  AIX)
    os=aix
    processor=ppc64
    ;;
  MINGW* | MSYS* | CYGWIN* | Windows_NT)
    fail "this script is not for Windows${windows:+: use $windows in PowerShell}"
    ;;
  *) fail "$system is not known here" ;;
  esac
  case $processor in
  x86_64 | amd64) arch=amd64 ;;
  i?86 | x86) arch=386 ;;
  aarch64 | arm64) arch=arm64 ;;
  arm*) arch=arm ;;
  loongarch64) arch=loong64 ;;
  powerpc64le) arch=ppc64le ;;
  powerpc64) arch=ppc64 ;;
  mips | mips64)
    arch=$processor
    # The sixth byte of a program is 1 where the least significant byte comes first.
    [ "$(dd if=/bin/sh bs=1 skip=5 count=1 2>/dev/null | od -An -tx1 | tr -d ' ')" != 01 ] || arch=${processor}le
    ;;
  *) arch=$processor ;;
  esac
  machines=
  case $os/$arch in
  linux/amd64) add_levels ;;
  linux/arm) add_arm "$processor" ;;
  android/*) machines="$os/$arch linux/$arch" ;;
  darwin/arm64) machines="darwin/arm64 darwin/universal darwin/amd64" ;;
  darwin/*) machines="$os/$arch darwin/universal" ;;
  */arm) for level in 7 6 5; do machines="$machines $os/arm/$level"; done ;;
  *) machines=$os/$arch ;;
  esac
  # Where the kernel has 64 bits and everything else 32, programs of 32 are sure to run.
  if [ "$os" = linux ] && [ "$(getconf LONG_BIT 2>/dev/null)" = 32 ]; then
    kernel=$machines
    machines=
    case $arch in
    amd64) machines="linux/386" ;;
    arm64) add_arm armv7l ;;
    esac
    machines="$machines $kernel"
  fi
}

# The levels of amd64 (GOAMD64) that this processor is known to have.
add_levels() {
  flags=" $(sed -n '/^flags/{s/^[^:]*://p;q;}' /proc/cpuinfo 2>/dev/null || :) "
  machines=linux/amd64
  all cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 || return 0
  machines="linux/amd64/v2 $machines"
  all abm avx avx2 bmi1 bmi2 f16c fma movbe || return 0
  machines="linux/amd64/v3 $machines"
  all avx512f avx512bw avx512cd avx512dq avx512vl || return 0
  machines="linux/amd64/v4 $machines"
}

all() {
  for flag in "$@"; do
    case $flags in
    *" $flag "*) ;;
    *) return 1 ;;
    esac
  done
}

add_arm() {
  case $1 in
  armv5*) levels=5 ;;
  armv6*) levels='6 5' ;;
  *) levels='7 6 5' ;;
  esac
  # Without a floating point unit only the oldest will do.
  features=$(sed -n '/^Features/{s/^[^:]*://p;q;}' /proc/cpuinfo 2>/dev/null || :)
  case $features in
  '' | *vfp*) ;;
  *) levels=5 ;;
  esac
  for level in $levels; do machines="$machines linux/arm/$level"; done
}

# glibc or musl; of the one without a word about itself, by the file that loads programs.
libc_here() {
  case $(ldd --version 2>&1 || :) in
  *musl*) echo musl ;;
  *GNU* | *GLIBC* | *glibc*) echo glibc ;;
  *)
    for one in /lib/ld-musl-*; do
      [ ! -e "$one" ] || { echo musl && return; }
    done
    echo glibc
    ;;
  esac
}

choose_file() {
  libc=
  [ "$os" != linux ] || libc=$(libc_here)
  for machine in $machines; do
    [ -z "$libc" ] || ! release_file "$machine+$libc" || return 0
    ! release_file "$machine" || return 0
  done
  fail "$app $version is not released for $os/$arch${libc:+ ($libc)}, but for $machines_known"
}

# Where a file of the release is downloaded from.
address() {
  if [ -n "$from" ]; then
    printf '%s\n' "$from/$1"
  else
    printf '%s\n' "$releases/$(printf '%s\n' "$1" | sed "s/+/$plus/g")"
  fi
}

fetch() {
  if has curl; then
    case $1 in
    https:*) curl -fsSL --proto =https --retry 2 -o "$2" "$1" ;;
    *) curl -fsSL --retry 2 -o "$2" "$1" ;;
    esac
  elif has wget; then
    wget -q -O "$2" "$1"
  else
    fail "curl or wget is needed"
  fi
}

# sha256 or sha512 of a file, in hexadecimal digits.
digest_of() {
  if has "sha$1sum"; then
    line=$("sha$1sum" <"$2")
  elif has shasum; then
    line=$(shasum -a "$1" <"$2")
  elif has openssl; then
    line=$(openssl dgst "-sha$1" -r <"$2")
  else
    fail "sha256sum, shasum or openssl is needed"
  fi
  printf '%s\n' "${line%%[ *]*}"
}

fetch_file() {
  url=$(address "$file")
  say "downloading $url"
  fetch "$url" "$work/$file" || fail "$url cannot be downloaded"
  found=$(digest_of 256 "$work/$file")
  [ "$found" = "$sum" ] || fail "$file is not what was released: its sha256 is $found, not $sum"
}

# Who signed the list of checksums, by cosign.
verify_signature() {
  [ -n "$list" ] && [ "$cosign" = yes ] && has cosign || return 0
  fetch "$(address "$list")" "$work/list" || fail "$list cannot be downloaded"
  if ! fetch "$(address "$list.sigstore.json")" "$work/bundle" 2>/dev/null; then
    say "the release has no signature of sigstore"
    return
  fi
  # Of keys, and of other instances than the public one, this script does not know whom to trust.
  if ! tr ',{' '[\n*]' <"$work/bundle" | sed -n 's/^ *"rawBytes": *"\(MII[^"]*\)".*/\1/p' |
    sed 1q | base64 -d 2>/dev/null | grep -q 'sigstore\.dev'; then
    say "the signature is not by the public instance of sigstore, and not verified here"
    return
  fi
  said=$(verify_list "$work/list" "$work/bundle" 2>&1) || {
    printf '%s\n' "$said" >&2
    fail "cosign does not accept the signature of $list; cosign 3 knows all signatures, --no-cosign asks for none"
  }
  grep -q -x -F -e "$sum  $file" -e "$(digest_of 512 "$work/$file")  $file" "$work/list" ||
    fail "$list has another digest of $file than this script"
  say "cosign accepts the signature of $list"
}

unpack() {
  mkdir "$work/unpacked"
  paths=
  for program in $programs; do paths="$paths ${program%=*}"; done
  (
    cd "$work/unpacked"
    # shellcheck disable=SC2086 # paths have no spaces
    case $format in
    tar.gz) gzip -dc "../$file" | tar -xf - $paths ;;
    tar.zst)
      has zstd || fail "zstd is needed"
      zstd -dcq "../$file" | tar -xf - $paths
      ;;
    zip)
      has unzip || fail "unzip is needed"
      unzip -q -o "../$file" $paths
      ;;
    gz) gzip -dc "../$file" >"${paths# }" ;;
    none) mv "../$file" "${paths# }" ;;
    esac
  ) || fail "$file cannot be unpacked"
  for path in $paths; do [ -f "$work/unpacked/$path" ] || fail "$path is not in $file"; done
}

# Each program becomes visible in one step, when all of them lie there whole.
install_programs() {
  if [ ! -d "$folder" ]; then
    mkdir -p "$folder" || fail "$folder cannot be made: choose another folder with --to"
    made=$folder
  fi
  for program in $programs; do
    name=${program##*=}
    [ ! -d "$folder/$name" ] || fail "$folder/$name is a folder"
    staged="$staged $name"
    if ! cp "$work/unpacked/${program%=*}" "$folder/.$name.$$" || ! chmod 755 "$folder/.$name.$$"; then
      fail "$folder cannot be written to: choose another folder with --to"
    fi
  done
  for program in $programs; do
    name=${program##*=}
    mv -f "$folder/.$name.$$" "$folder/$name" || fail "$folder/$name cannot be replaced"
    made=
    say "installed $folder/$name"
  done
  case :${PATH:-}: in
  *":$folder:"*) ;;
  *) say "$folder is not on PATH" ;;
  esac
}

# Whole, or not at all: the end may be missing where this is read from a pipe.
{
  main "$@"
  exit
}
