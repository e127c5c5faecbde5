"""python dev/sbom.py: what the released binary is made of, as CycloneDX, in target/sbom/, one file for each processor.

cargo-cyclonedx reads Cargo.lock, with each crate's version, digest and licence. It also lists what only the tests bring in, and
where this project lies on this machine: both are taken out.
"""

import json
import os
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SBOM = PROJECT / "target" / "sbom"
TARGETS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}
NAME = "remotion-render-api"


def crates(target: str) -> set[tuple[str, str]]:
    """Name and version of each crate that is linked into the binary, or builds what is."""
    command = [
        "cargo",
        "tree",
        "--locked",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--target",
        target,
    ]
    lines = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    return {(line.split()[0], line.split()[1].removeprefix("v")) for line in lines if line}


def generate(target: str) -> dict:
    command = ["cargo", "cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5", "--describe", "binaries"]
    command += ["--no-build-deps", "--target", target]
    committed = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False
    )
    epoch = {"SOURCE_DATE_EPOCH": committed.stdout.strip()} if committed.stdout.strip() else {}
    subprocess.run(command, cwd=PROJECT, env=os.environ | epoch, check=True)
    written = PROJECT / f"{NAME}_bin.cdx.json"
    text = written.read_text()
    written.unlink()
    return json.loads(text.replace(f"path+file://{PROJECT}", "path+file://."))


def only(document: dict, kept: set[tuple[str, str]]) -> dict:
    components = [c for c in document["components"] if (c["name"], c["version"]) in kept]
    known = {c["bom-ref"] for c in components} | {document["metadata"]["component"]["bom-ref"]}
    dependencies = [
        entry | {"dependsOn": [ref for ref in entry.get("dependsOn", []) if ref in known]}
        for entry in document["dependencies"]
        if entry["ref"] in known
    ]
    return document | {"components": components, "dependencies": dependencies}


if __name__ == "__main__":
    SBOM.mkdir(parents=True, exist_ok=True)
    for architecture, target in TARGETS.items():
        path = SBOM / f"{NAME}-{architecture}.cdx.json"
        path.write_text(json.dumps(only(generate(target), crates(target)), indent=2) + "\n")
        print(path)
