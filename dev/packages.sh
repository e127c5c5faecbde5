#!/usr/bin/env bash
# Sees to what comes from the system: a headless Chrome to render with, and on Linux valgrind to count instructions with.
# Installs Debian's where that needs no password.
set -euo pipefail

missing=()
python -c 'from local_aws.settings import chrome; chrome()' 2>/dev/null || missing+=(chromium-headless-shell)
[ "$(uname)" != Linux ] || command -v valgrind >/dev/null || missing+=(valgrind)
[ ${#missing[@]} != 0 ] || exit 0

if command -v apt-get >/dev/null; then
	as_root=()
	[ "$(id -u)" = 0 ] || as_root=(sudo --non-interactive)
	if "${as_root[@]}" true 2>/dev/null; then
		apt=("${as_root[@]}" apt-get -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300)
		"${apt[@]}" update --quiet
		"${apt[@]}" install --yes --quiet --no-install-recommends "${missing[@]}"
	fi
fi
# Says how to get it, where that did not help. What needs valgrind says so itself.
python -c 'from local_aws.settings import chrome; chrome()'
