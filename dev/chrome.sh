#!/usr/bin/env bash
# Sees to it that there is a headless Chrome: installs Debian's where that needs no password.
set -euo pipefail

if python -c 'from local_aws.settings import chrome; chrome()' 2>/dev/null; then exit 0; fi

install='apt-get install --yes --quiet --no-install-recommends chromium-headless-shell'
if command -v apt-get >/dev/null; then
	if [ "$(id -u)" = 0 ]; then
		apt-get update --quiet && $install && exit 0
	elif sudo --non-interactive true 2>/dev/null; then
		sudo apt-get update --quiet && sudo $install && exit 0
	fi
fi
python -c 'from local_aws.settings import chrome; chrome()'
