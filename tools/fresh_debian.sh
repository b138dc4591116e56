#!/usr/bin/env bash
# Proves the two commands on a machine that has nothing: makes a minimal Debian 12 in a folder, clones this
# repository's committed state into it, and runs ./run and ./test there. Needs root and debootstrap.
#
#   tools/fresh_debian.sh [--keep] [--run-only] [FOLDER]
#
#   FOLDER       where to make it (default: a new folder under /var/tmp), removed afterwards without --keep
#   --run-only   leaves ./test out
#
# Prints how long each part took. The clone gets ../shared if it lies beside this repository.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

keep=0
run_only=0
folder=
for argument in "$@"; do
  case $argument in
    --keep) keep=1 ;;
    --run-only) run_only=1 ;;
    -*)
      echo "fresh_debian.sh: unknown option $argument" >&2
      exit 2
      ;;
    *) folder=$argument ;;
  esac
done
[ "$(id -u)" = 0 ] || { echo "fresh_debian.sh: needs root for debootstrap and chroot" >&2; exit 4; }
command -v debootstrap >/dev/null || { echo "fresh_debian.sh: apt-get install debootstrap" >&2; exit 4; }

folder=${folder:-$(mktemp -d /var/tmp/fresh_debian.XXXXXX)}
system=$folder/debian
mounted=()
# shellcheck disable=SC2317  # called by the trap
clean_up() {
  local place process
  # The dashboard's server that ./run left.
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/root")" != "$system" ] || kill "${process#/proc/}" || true
  done
  for place in "${mounted[@]}"; do umount -l "$place" || true; done
  [ $keep = 1 ] || rm -rf --one-file-system "$folder"
}
trap clean_up EXIT

timed() { # NAME COMMAND…
  local name=$1 started=$SECONDS
  shift
  "$@"
  printf '== %-12s %s s\n' "$name" $((SECONDS - started))
}

mkdir -p "$folder"
timed debootstrap debootstrap --variant=minbase --include=ca-certificates,git bookworm "$system" >"$folder/debootstrap.log"
for place in proc dev sys; do
  mount --rbind "/$place" "$system/$place"
  mount --make-rslave "$system/$place"
  mounted=("$system/$place" "${mounted[@]}")
done
cp /etc/resolv.conf "$system/etc/resolv.conf"
# Behind a proxy that signs anew, the machine's certificates are needed inside too.
cp /etc/ssl/certs/ca-certificates.crt "$system/usr/local/share/machine.crt"
csplit -s -z -f "$system/usr/local/share/ca-certificates/machine-" -b '%03d.crt' \
  "$system/usr/local/share/machine.crt" '/-----BEGIN CERTIFICATE-----/' '{*}'
chroot "$system" update-ca-certificates >"$folder/certificates.log" 2>&1

mkdir -p "$system/srv"
git clone -q "$root" "$system/srv/medallion"
if [ -d "$root/../shared" ]; then
  cp -r "$root/../shared" "$system/srv/shared"
fi

inside() {
  chroot "$system" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    sh -c "cd /srv/medallion && $1"
}
timed "./run" inside ./run
timed "./run again" inside ./run
[ $run_only = 1 ] || timed "./test" inside ./test
