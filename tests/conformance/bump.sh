#!/usr/bin/env bash
# Pins the newest release of the official client (or the one named), and regenerates the fixtures: their diff is the
# payload's changelog.
set -euo pipefail
cd "$(dirname "$0")"

version=${1:-$(npm view @remotion/lambda-client version)}
old=$(node -p 'require("./package.json").dependencies["@remotion/lambda-client"]')
[ "$version" != "$old" ] || { echo "Already at $version."; exit 0; }

for package in $(node -p 'Object.entries(require("./package.json").dependencies).filter(([, at]) => at === "'"$old"'").map(([name]) => name).join(" ")'); do
	npm pkg set "dependencies.$package=$version"
done
npm install --no-audit --no-fund
git mv "../fixtures/remotion/$old" "../fixtures/remotion/$version"
npm run golden
version=$version old=$old node -e '
	const fs = require("node:fs");
	const file = "../../src/remotion/version.rs";
	const text = fs.readFileSync(file, "utf8");
	const line = `pub const SCHEMA_VERSION: &str = "${process.env.old}";`;
	if (!text.includes(line)) throw new Error(`${file} does not pin ${process.env.old}.`);
	fs.writeFileSync(file, text.replace(line, line.replace(process.env.old, process.env.version)));
'
git diff --stat HEAD -- ..
