# shellcheck shell=bash disable=SC2034,SC2154
# Sourced; needs `root`. Sets `node` (a path) and `npm` (words of a command): the machine's if they are new
# enough to build the pages, else pinned ones from a cache outside the source tree.

node_least=20.19
node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    printf '%s\n%s\n' "$node_least" "$(node --version | tr -d v)" | sort --check=quiet --version-sort
}

if node_is_new_enough; then
  node=$(command -v node)
  npm=("$(command -v npm)")
else
  node_folder=${MEDALLION_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/medallion}/node-$(sha256sum "$root/third_party/node/fetch.sh" | cut -c1-16)
  [ -d "$node_folder" ] || "$root/third_party/node/fetch.sh" "$node_folder"
  node=$node_folder/bin/node
  npm=("$node" "$node_folder/npm/bin/npm-cli.js")
  PATH=$node_folder/bin:$PATH
fi
