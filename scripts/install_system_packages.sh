#!/usr/bin/env bash
# Install the system packages that tests need (Debian), where they are not there yet; of a list
# beside this file: system-packages.txt by default.
set -euo pipefail
cd "$(dirname "$0")"
missing=()
while read -r package; do
  case "$package" in "" | \#*) continue ;; esac
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing+=("$package")
done < "${1:-system-packages.txt}"
[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "Install by your own package manager: ${missing[*]}" >&2
  exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
