#!/usr/bin/env bash
# Builds the pages of web/ and writes them into a C++ source file, compressed.
#
#   build_web.sh OUTPUT
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=$1
. "$root/tools/node.sh"

# One build at a time: the folders are shared by every build of this tree.
exec 9>"$root/web/.build.lock"
flock 9

cd "$root/web"
# npm writes this file last, so an interrupted installation is made again.
installed=node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ package-lock.json -nt "$installed" ]; then
  "${npm[@]}" ci --ignore-scripts --no-audit --no-fund
  touch "$installed"
fi
"${npm[@]}" run --silent build
"$node" "$root/tools/embed_web.mjs" dist "$output"
