#!/usr/bin/env bash
# Fuzzes each target for so many seconds, as many at a time as there are processors: fuzz/run.sh SECONDS [TARGET]...
#
# Begins with the committed seeds and with what earlier runs have found, in target/corpus of the target's folder. An input that
# breaks a promise is left in artifacts there. Committed as seeds/<target>/regression-<what>, it is tried first ever after.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=$1
shift
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=(event body reply poll hook progress)

# Stable has no sanitizers, and the code no `unsafe` that would need one. --dev takes the profile from fuzz/Cargo.toml. The
# dictionaries say what comparisons would tell, and without these the SDKs build and run faster.
build=(--dev --sanitizer none --no-trace-compares)
# Seconds and megabytes for a single input, and the longest that is made. Where all else is built and tested beside it, a
# machine stands still for seconds.
limits=(-timeout=$((seconds < 60 ? 120 : 10)) -rss_limit_mb=1024 -max_len=65536)

# The client's own target builds without the function.
function=fuzz client=crates/remotion-lambda/fuzz
folder_of() {
	[[ $1 == progress ]] && echo $client || echo $function
}

for folder in $(for target in "${targets[@]}"; do folder_of "$target"; done | sort -u); do
	cargo fetch --locked --manifest-path "$folder/Cargo.toml"
	cargo fuzz build --fuzz-dir "$folder" "${build[@]}"
done

# A line for each target: what `cargo fuzz run` is given.
runs=$(
	for target in "${targets[@]}"; do
		folder=$(folder_of "$target")
		corpus=$folder/target/corpus/$target
		# A poll reads what the client reads.
		words=$target
		[[ $target != poll ]] || words=progress
		from=$(folder_of "$words")
		mkdir -p "$corpus"
		echo --fuzz-dir "$folder" "${build[@]}" "$target" "$corpus" "$from/seeds/$words" -- "${limits[@]}" \
			"-dict=$from/dictionaries/$words.dict" "-max_total_time=$seconds" -print_final_stats=1 -verbosity=0
	done
)
# Whoever ends the script ends xargs, which then starts no more of them.
exec xargs -L 1 -P "$(getconf _NPROCESSORS_ONLN)" cargo fuzz run <<<"$runs"
