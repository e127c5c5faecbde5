#!/usr/bin/env bash
# Fuzzes each target for so many seconds, one after the other: fuzz/run.sh SECONDS [TARGET]...
#
# Begins with the committed seeds and with what earlier runs have found, in fuzz/target/corpus. An input that breaks a
# promise is left in fuzz/artifacts. Committed as fuzz/seeds/<target>/regression-<what>, it is tried first ever after.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=$1
shift
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=(event body reply progress)

# Stable has no sanitizers, and the code no `unsafe` that would need one. --dev takes the profile from fuzz/Cargo.toml. The
# dictionaries say what comparisons would tell, and without these the SDKs build and run faster.
build=(--dev --sanitizer none --no-trace-compares)
# Seconds and megabytes for a single input, and the longest that is made.
limits=(-timeout=10 -rss_limit_mb=1024 -max_len=65536)

cargo fetch --locked --manifest-path fuzz/Cargo.toml
cargo fuzz build "${build[@]}"
for target in "${targets[@]}"; do
	corpus=fuzz/target/corpus/$target
	mkdir -p "$corpus"
	cargo fuzz run "${build[@]}" "$target" "$corpus" "fuzz/seeds/$target" -- "${limits[@]}" \
		-dict="fuzz/dictionaries/$target.dict" -max_total_time="$seconds" -print_final_stats=1 -verbosity=0
done
