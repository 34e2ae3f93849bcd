#!/bin/sh
# Makes sure that tools from outside Go are there: need.sh [TOOL...]
# Without arguments: what the tests need, a browser and the C compiler of the race detector.
# As root on Debian or Ubuntu it installs what is missing; elsewhere it says what to install.
set -eu

have() {
	case $1 in
	chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
	gcc) command -v gcc && echo '#include <stdlib.h>' | gcc -E - ;;
	ca-certificates) test -s /etc/ssl/certs/ca-certificates.crt ;;
	*) command -v "$1" ;;
	esac >/dev/null 2>&1
}

[ $# -gt 0 ] || set -- chromium gcc

missing=
for tool in "$@"; do
	have "$tool" && continue
	missing="$missing $tool"
	[ "$tool" != gcc ] || missing="$missing libc6-dev"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "need.sh: please install:$missing" >&2
	exit 1
fi

echo "need.sh: installing:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # one word per package
apt-get install -y -qq --no-install-recommends $missing >/dev/null

for tool in "$@"; do
	have "$tool" || { echo "need.sh: $tool is still missing after its installation" >&2; exit 1; }
done
