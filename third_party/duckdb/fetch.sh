#!/usr/bin/env bash
# Fetches DuckDB's prebuilt library and the header of exactly the same version from the npm registry
# into the folder given, and refuses either if one byte differs from what is pinned here.
#
#   fetch.sh DESTINATION     makes DESTINATION/libduckdb.so and DESTINATION/duckdb.h
set -euo pipefail

destination=$1
version=1.4.4
library_package="@duckdb/node-bindings-linux-x64@${version}-r.4"
library_archive="duckdb-node-bindings-linux-x64-${version}-r.4.tgz"
library_archive_sha256=732fac4dc6b8f198870b9c4bb6ddf13544466daca00ad28ba2f1d80de5d7aa4b
header_package="duckdb@${version}"
header_archive="duckdb-${version}.tgz"
header_archive_sha256=5bb967dcbcd517670ba5f169f238fb9d6787e53752c60ebe24386169d76941ed

if [ "$(uname -m)" != x86_64 ]; then
  echo "fetch.sh: DuckDB is pinned for x86_64 only; this machine is $(uname -m)" >&2
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

fetch "$library_package" "$library_archive" "$library_archive_sha256"
fetch "$header_package" "$header_archive" "$header_archive_sha256"
tar xzf "$library_archive" package/libduckdb.so package/LICENSE
tar xzf "$header_archive" package/src/duckdb/src/include/duckdb.h

# The folder appears whole or not at all, so an interrupted fetch is simply made again.
mkdir -p "$(dirname "$destination")"
staged=$(mktemp -d "$destination.XXXXXX")
mv package/libduckdb.so package/LICENSE package/src/duckdb/src/include/duckdb.h "$staged/"
chmod 755 "$staged"
mv -T "$staged" "$destination" 2>/dev/null || rm -rf "$staged"
