#!/usr/bin/env bash
# Runs the binary where there is nothing else: a root folder with the binary, the CA bundle, /tmp and /data.
set -euo pipefail
cd "$(dirname "$0")/.."

address=127.0.0.1:18480
bundle=/etc/ssl/certs/ca-certificates.crt
wait=60 # seconds until the demo must be ready, and again until it must have stopped

fail() {
	echo "empty-root: $*" >&2
	exit 1
}

[[ $(id -u) == 0 ]] || fail "needs root, for chroot"
command -v chroot >/dev/null || fail "needs chroot"
scripts/need.sh curl ca-certificates

work=$(mktemp -d)
pid=
clean() {
	[[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null || true
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

make build
[[ $(go version -m bin/postern) == *CGO_ENABLED=0* ]] || fail "bin/postern was not built with CGO_ENABLED=0"
if command -v ldd >/dev/null; then
	linked=$(ldd bin/postern 2>&1 || true)
	[[ $linked == *"not a dynamic executable"* || $linked == *"statically linked"* ]] ||
		fail "bin/postern is not statically linked: $linked"
fi

root=$work/root
install -D -m 0755 bin/postern "$root/postern"
install -D -m 0644 "$bundle" "$root$bundle"
install -d -m 1777 "$root/tmp"
install -d -m 0700 "$root/data"

chroot "$root" /postern version

show() {
	sed 's/^/  stderr: /' "$work/stderr" >&2
	fail "$@"
}
running() { kill -0 "$pid" 2>/dev/null; }

set -m # or bash would start the demo with SIGINT ignored
chroot "$root" /postern demo --listen "$address" --data /data --json >"$work/stdout" 2>"$work/stderr" &
pid=$!
set +m

for ((i = 0; i < wait * 10; i++)); do
	grep -q '"gateway"' "$work/stdout" && break
	running || show "the demo ended before it was ready"
	sleep 0.1
done
grep -q '"gateway"' "$work/stdout" || show "the demo was not ready within ${wait} s"

status=$(curl -s -o /dev/null -w '%{http_code}' --max-time 10 "http://$address/healthz" || true)
[[ $status == 200 ]] || show "GET /healthz answered $status, not 200"

kill -INT "$pid"
for ((i = 0; i < wait * 10; i++)); do
	running || break
	sleep 0.1
done
running && show "the demo did not stop within ${wait} s of SIGINT"
code=0
wait "$pid" || code=$?
pid=
[[ $code == 0 ]] || show "the demo ended with $code after SIGINT, not 0"

echo "empty-root: ok"
