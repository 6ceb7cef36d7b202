#!/bin/sh
# Installs the independent tools that the tests of GitLab's side run, pinned, under .tools/gitlab.
# Needs npm, Python 3 with pip, and rsync (Debian: apt-get install rsync).
set -eu
cd "$(dirname "$0")/.."
mkdir -p .tools/gitlab
cd .tools/gitlab
[ -f package.json ] || printf '{ "private": true }\n' >package.json
npm install --no-audit --no-fund --save-exact gitlab-ci-local@4.75.1 "node-linux-$(node -p process.arch)@22.23.3"
python3 -m pip install --quiet --upgrade --target python python-gitlab==8.6.0 yamllint==1.38.0
# For GitLab's own schema of .gitlab-ci.yml alone.
python3 -m pip install --quiet --upgrade --no-deps --target python check-jsonschema==0.39.0
