set -eu
# Written by the release of this component: a bundle with other bytes is never run.
version='@VERSION@'
sha256='@SHA256@'
go_release="$(mktemp -d)"
fail() { printf '\033[31mgo-release: %s\033[0m\n' "$*" >&2; exit 1; }
digest() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }
download() { # URL FILE; a header, if any, on standard input and so in nobody's list of processes
  if command -v curl >/dev/null; then curl --silent --show-error --fail --retry 3 --config - --output "$2" -- "$1"
  elif command -v wget >/dev/null; then wget -q -O "$2" "$1"
  else fail 'the image has neither curl nor wget; choose another one with the input `image`'; fi
}
for tool in go git; do
  command -v "$tool" >/dev/null || fail "the image has no $tool; choose another one with the input \`image\`"
done
if [ -s "${CI_SERVER_TLS_CA_FILE:-}" ]; then
  export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$CI_SERVER_TLS_CA_FILE}" CURL_CA_BUNDLE="${CURL_CA_BUNDLE:-$CI_SERVER_TLS_CA_FILE}"
fi
node="$(command -v node || true)"
if [ -z "$node" ] || ! "$node" -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
  node="$go_release/node"
  if ls /lib/ld-musl-* >/dev/null 2>&1; then
    fail 'this image is built on musl (Alpine), for which nodejs.org has no Node: use a Debian image such as golang:1.26, or install Node 20 or newer in yours (apk add nodejs)'
  fi
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) arch=x64 node_sha256='@NODE_X64@' ;;
    Linux-aarch64) arch=arm64 node_sha256='@NODE_ARM64@' ;;
    *) fail "Node 20 or newer is missing, and there is none to fetch for $(uname -s) $(uname -m): install it in the image" ;;
  esac
  download "$COMPONENT_NODE_URL/v@NODE_VERSION@/node-v@NODE_VERSION@-linux-$arch.tar.gz" "$node.tar.gz" </dev/null ||
    fail "the image has no Node 20 or newer, and none could be fetched from $COMPONENT_NODE_URL: install it in the image, or name a mirror with the input \`node-url\`"
  [ "$(digest "$node.tar.gz")" = "$node_sha256" ] || fail 'the downloaded Node is not the one this component was released with'
  tar -xzf "$node.tar.gz" -C "$go_release" --strip-components=2 "node-v@NODE_VERSION@-linux-$arch/bin/node"
fi
bundle="$go_release/index.js"
if [ -n "$COMPONENT_URL" ]; then
  download "$COMPONENT_URL" "$bundle" </dev/null || fail "cannot download $COMPONENT_URL"
else
  project="$(printf %s "$COMPONENT_PROJECT" | sed 's,/,%2F,g')"
  printf 'header = "JOB-TOKEN: %s"\n' "$CI_JOB_TOKEN" |
    download "$CI_API_V4_URL/projects/$project/repository/files/dist%2Findex.js/raw?ref=$version" "$bundle" ||
    fail "cannot download dist/index.js $version of $COMPONENT_PROJECT: is it a project of this instance, and open to this job's token?"
fi
[ "$(digest "$bundle")" = "$sha256" ] || fail "dist/index.js is not the one that version $version was released with; nothing was run"
printf '{ "type": "commonjs" }\n' >"$go_release/package.json"
