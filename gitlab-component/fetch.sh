set -eu
# Written by the release of this component: a bundle with other bytes is never run.
version='@VERSION@'
sha256='@SHA256@'
go_release="$(mktemp -d)"
# A shell executor's machine outlives the job.
trap 'rm -rf "$go_release"' EXIT
fail() { printf '\033[31mgo-release: %s\033[0m\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null; }
digest() { if has sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }
download() { # URL FILE; curl's options on standard input, where a token is in nobody's list of processes
  if has curl; then curl --silent --show-error --fail --retry 3 ${ca:+--cacert "$ca"} --config - --output "$2" -- "$1"
  else wget -q ${ca:+--ca-certificate="$ca"} -O "$2" "$1"; fi
}
for tool in go git; do
  has "$tool" || fail "the image has no $tool; choose another one with the input \`image\`"
done
has curl || has wget || fail 'the image has neither curl nor wget; choose another one with the input `image`'
ca=''
if [ -s "${CI_SERVER_TLS_CA_FILE:-}" ]; then
  node_ca="$CI_SERVER_TLS_CA_FILE"
  if [ -s "${NODE_EXTRA_CA_CERTS:-}" ]; then
    node_ca="$go_release/node-ca.pem"
    # A file's last line may not end.
    { cat "$NODE_EXTRA_CA_CERTS"; echo; cat "$CI_SERVER_TLS_CA_FILE"; } >"$node_ca"
  fi
  export NODE_EXTRA_CA_CERTS="$node_ca"
  # The server's authority beside everybody's, since Node comes from elsewhere.
  ca="$go_release/ca.pem"
  cat /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt "$CI_SERVER_TLS_CA_FILE" >"$ca" 2>/dev/null || true
fi
node="$(command -v node || true)"
if [ -z "$node" ] || ! "$node" -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 11) ? 0 : 1)'; then
  node="$go_release/node"
  case "$(ldd --version 2>&1 || true)" in
    *musl*) fail 'this image is built on musl (Alpine), for which nodejs.org has no Node: use a Debian image such as golang:1.26, or install Node 20.11 or newer in yours (apk add nodejs)' ;;
  esac
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) arch=x64 node_sha256='@NODE_X64@' ;;
    Linux-aarch64) arch=arm64 node_sha256='@NODE_ARM64@' ;;
    *) fail "Node 20.11 or newer is missing, and there is none to fetch for $(uname -s) $(uname -m): install it in the image" ;;
  esac
  echo location | download "$COMPONENT_NODE_URL/v@NODE_VERSION@/node-v@NODE_VERSION@-linux-$arch.tar.gz" "$node.tar.gz" ||
    fail "the image has no Node 20.11 or newer, and none could be fetched from $COMPONENT_NODE_URL: install it in the image, or name a mirror with the input \`node-url\`"
  [ "$(digest "$node.tar.gz")" = "$node_sha256" ] || fail 'the downloaded Node is not the one this component was released with; nothing was run'
  tar -xzf "$node.tar.gz" -C "$go_release" --strip-components=2 "node-v@NODE_VERSION@-linux-$arch/bin/node"
  "$node" --version >/dev/null 2>&1 || fail 'Node @NODE_VERSION@ was fetched but does not run in this image: install Node 20.11 or newer in it'
fi
bundle="$go_release/index.js"
if [ -n "$COMPONENT_URL" ]; then
  echo location | download "$COMPONENT_URL" "$bundle" || fail "cannot download $COMPONENT_URL"
else
  project="$(printf %s "$COMPONENT_PROJECT" | sed 's,/,%2F,g')"
  printf 'header = "JOB-TOKEN: %s"\n' "$CI_JOB_TOKEN" |
    download "$CI_API_V4_URL/projects/$project/repository/files/dist%2Findex.js/raw?ref=$version" "$bundle" ||
    fail "cannot download dist/index.js $version of $COMPONENT_PROJECT: is it a project of this instance, and open to this job's token (which is only sent by curl)?"
fi
[ "$(digest "$bundle")" = "$sha256" ] || fail "dist/index.js is not the one that version $version was released with; nothing was run"
printf '{ "type": "commonjs" }\n' >"$go_release/package.json"
