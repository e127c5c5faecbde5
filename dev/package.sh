#!/usr/bin/env bash
# The client crate as crates.io would have it: it builds and passes its tests with the rest of the repository out of sight.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# As the workspace has it for dependencies, so that those are built once.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$PWD/target
# --allow-dirty: what is not committed yet is packaged as well.
# --no-verify: what it would build once is built and tested below.
rm -f target/package/remotion-lambda-*.crate
cargo package --locked --allow-dirty --no-verify --quiet --package remotion-lambda
tar --extract --gzip --strip-components 1 --directory "$folder" --file target/package/remotion-lambda-*.crate
# As new: what was built of it in another folder looks for its fixtures there.
find "$folder" -name '*.rs' -exec touch {} +
cargo test --locked --quiet --all-features --manifest-path "$folder/Cargo.toml"
