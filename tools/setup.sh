# shellcheck shell=bash disable=SC2034,SC2154
# Shared by ./run and ./test: steps with one line each, packages of the distribution, the build.
# Sourced, not run. Needs `root`, the repository's folder.

# What the build and the program need; the names are Debian 12's.
build_packages=(
  ca-certificates ccache cmake g++ git libboost1.81-dev libcli11-dev libcurl4-openssl-dev libexpected-dev libfmt-dev
  libhowardhinnant-date-dev libre2-dev libsimdjson-dev libspdlog-dev libssl-dev libxlsxwriter-dev libyaml-cpp-dev libzstd-dev mold
  ninja-build nlohmann-json3-dev pkg-config zlib1g-dev
)
test_packages=(chromium clang-format-19 libgmock-dev libgtest-dev librapidcheck-dev python3-venv strace)

logs=$root/build/logs

if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then interactive=1; else interactive=0; fi

# fail CODE MESSAGE: ends the script.
fail() {
  printf '%s: %s\n' "${0##*/}" "$2" >&2
  exit "$1"
}

# step NAME COMMAND…: runs the command with its output in build/logs/NAME.log and tells on one line how
# it went; the end of the log is shown if it failed. On a terminal the line follows ninja's progress.
step() {
  local name=$1 log=$logs/$1.log started=$SECONDS status=0
  shift
  mkdir -p "$logs"
  if [ $interactive = 1 ]; then
    "$@" 2>&1 | tee "$log" | while IFS= read -r line; do
      case $line in
        '['*'/'*']'*) printf '\r\033[K%-10s %s  %s s' "$name" "${line%%]*}]" $((SECONDS - started)) ;;
      esac
    done
    status=${PIPESTATUS[0]}
    printf '\r\033[K'
  else
    "$@" >"$log" 2>&1 || status=$?
  fi
  if [ "$status" != 0 ]; then
    printf '%-10s failed after %s s; the end of %s:\n' "$name" $((SECONDS - started)) "$log" >&2
    tail -n 40 "$log" >&2
    exit "$status"
  fi
  printf '%-10s done in %s s\n' "$name" $((SECONDS - started))
}

# Prints those of the packages given that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

# install_packages PACKAGE…: installs what is missing, as root or through sudo. Without either it
# prints the one line to run and exits 4.
install_packages() {
  command -v dpkg-query >/dev/null ||
    fail 4 "this is no Debian or Ubuntu; install the equivalents of: $*"
  local missing
  missing=$(missing_packages "$@" | tr '\n' ' ')
  # npm fetches DuckDB; it comes with Node.js as often as from a package of its own.
  command -v npm >/dev/null || missing+="npm "
  if [ -z "$missing" ]; then
    printf '%-10s all present\n' packages
    return
  fi
  local admin=()
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
      admin=(sudo)
    else
      fail 4 "packages are missing; as root run: apt-get update && apt-get install -y --no-install-recommends $missing"
    fi
  fi
  # shellcheck disable=SC2086
  step packages apt_install "${#admin[@]}" "${admin[@]}" $missing
}

# apt_install COUNT_OF_PREFIX_WORDS PREFIX… PACKAGE…
apt_install() {
  local prefix=("${@:2:$1}") packages=("${@:$(($1 + 2))}")
  "${prefix[@]}" apt-get update -q &&
    "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
}

# build_program PRESET TESTS TARGET…: configures on first use and builds. TESTS is ON or OFF; without
# tests a warning of the compiler does not stop the build.
build_program() {
  local preset=$1 tests=$2
  shift 2
  if [ ! -f "$root/build/$preset/build.ninja" ] ||
    ! grep -q "^MEDALLION_TESTS:BOOL=$tests\$" "$root/build/$preset/CMakeCache.txt"; then
    step configure cmake -S "$root" --preset "$preset" -DMEDALLION_TESTS="$tests" -DMEDALLION_WERROR="$tests"
  fi
  step build cmake --build "$root/build/$preset" --target "$@"
}
