"""Follows a new release of Remotion: pins it wherever it is pinned, and makes the fixtures again. Prints, as Markdown, what is new.

  python3 dev/bump.py                                    the newest official clients of npm and PyPI
  python3 dev/bump.py --javascript 4.0.… --python 4.0.…  these

crates/remotion-lambda/releases.json is the one place that says which releases are followed. Node.js, npm and make are needed.
"""

import argparse
import difflib
import json
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
RELEASES = Path("crates/remotion-lambda/releases.json")
ORACLE = Path("dev/oracle.in")
FIXTURES = Path("crates/remotion-lambda/tests/fixtures")
CONFORMANCE = Path("crates/remotion-lambda/conformance")

# The packages of Remotion that are pinned, by folder, and which of the releases they have.
PACKAGES = {
    CONFORMANCE: "javascript",
    Path("bench/peers/node"): "javascript",
    Path("clients/typescript"): "javascript",
    Path("dev"): "function",
}

RELEASE = re.compile(r"4\.0\.\d+")

# Where a change of the fixtures is longer, Git shows the rest. A pull request's text may have 65,536 characters.
LINES = 400
LOG = 10_000


CANNOT_BE_MADE = (
    "The fixtures cannot be made: what `conformance` uses has changed, or something new has no case there. They are still those of"
    " the release before."
)
BY_HAND = """`make conformance` fails: ours is not what the clients send, or something new has no name here yet. By hand, in `crates/remotion-lambda`:

1. Where the fixtures cannot be made, follow in `conformance` until `npm run golden` makes them there.
2. Add what is new to the options and payloads in Rust, or say in `tests/differences.json` why it stays different.
3. Give a new option its release in `tests/since.json`, and cases in `conformance/cases`; give a new parameter of
   the Python client its option in `conformance/python_client.py`.
4. Repeat `make conformance` until it passes, push to this branch, and run `make test`."""
CHECKS = "GitHub starts no checks on a pull request that a workflow has opened: close it, and open it again."


class Refused(Exception):
    """What cannot be followed, and what to do."""


def number(release: str) -> int:
    if not RELEASE.fullmatch(release):
        raise Refused(f'"{release}" is no release of Remotion 4.0. What comes after that is followed by hand.')
    return int(release.split(".")[2])


def resolved(now: dict[str, str], wanted: dict[str, str]) -> dict[str, str]:
    """The releases to follow, where these are wanted and the others stay."""
    releases = now | wanted
    return releases | {"schema": max(releases["javascript"], releases["python"], key=number)}


def forwards(now: dict[str, str], newest: dict[str, str]) -> dict[str, str]:
    """A registry that lags behind is no reason to go back."""
    return {name: max(release, now[name], key=number) for name, release in newest.items()}


def pinned(package: str, old: str, new: str) -> str:
    """A package.json with Remotion's packages at the new release."""
    manifest = json.loads(package)
    ours = [name for name, at in manifest["dependencies"].items() if at == old and "remotion" in name]
    if not ours:
        raise Refused(f"No package of Remotion is pinned to {old}. Pin them by hand, all to the same release.")
    for name in ours:
        package = package.replace(f'"{name}": "{old}"', f'"{name}": "{new}"')
    return package


def changes(old: dict[str, str], new: dict[str, str], before: str, after: str) -> str:
    """What is different between the fixtures of two releases, apart from their numbers. The same change is told once."""
    lines = []
    for name in sorted(old.keys() | new.keys()):
        was = old.get(name, "").replace(before, after).replace(before.replace(".", "-"), after.replace(".", "-"))
        for hunk, times in hunks(was, new.get(name, "")):
            lines += [f"@@ {name}{f', and {times - 1:,} times more' if times > 1 else ''} @@", *hunk]
    more = [f"… and {len(lines) - LINES:,} lines more: see the files"] if len(lines) > LINES else []
    return "\n".join(lines[:LINES] + more)


def hunks(was: str, now: str) -> list[tuple[list[str], int]]:
    """Each change with the lines around it, and how often it occurs."""
    found: dict[tuple[str, ...], tuple[list[str], int]] = {}
    hunk: list[str] = []
    # The first two lines name the files.
    for line in [*list(difflib.unified_diff(was.splitlines(), now.splitlines(), lineterm="", n=2))[2:], "@@"]:
        if not line.startswith("@@"):
            hunk.append(line)
        elif hunk:
            key = tuple(changed for changed in hunk if not changed.startswith(" "))
            first, times = found.get(key, (hunk, 0))
            found[key] = (first, times + 1)
            hunk = []
    return list(found.values())


def report(now: dict[str, str], releases: dict[str, str], changed: str, error: str | None = None) -> str:
    rows = [f"| {name} | {now[name]} | {release} |" for name, release in releases.items()]
    lines = ["| | From | To |", "| --- | --- | --- |", *rows, ""]
    if error is not None:
        lines += [CANNOT_BE_MADE, "", "````text", error[-LOG:].strip(), "````"]
    elif now["javascript"] == releases["javascript"]:
        lines += [
            "The JavaScript client stays, and so do the fixtures. What is new in the payload, `make conformance` tells."
        ]
    elif changed:
        lines += ["This is new in the fixtures, apart from the release's number:", "", "```diff", changed, "```"]
    else:
        lines += ["Nothing is new in the fixtures but the release's number."]
    return "\n".join(lines)


def verdict(passed: bool, log: str) -> str:
    """What is to be done by hand."""
    if passed:
        return f"`make conformance` passes: there is nothing to do by hand.\n\n{CHECKS}"
    return f"{BY_HAND}\n\n{CHECKS}\n\n````text\n{log[-LOG:].strip()}\n````"


def run(*command: str, at: Path = Path()) -> str:
    """Its standard output. What it says of errors is seen as it comes."""
    done = subprocess.run(command, cwd=PROJECT / at, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Refused(f"`{' '.join(command)}` failed in {at}.")
    return done.stdout


def tried(*command: str, at: Path = Path()) -> tuple[bool, str]:
    """Whether it succeeds, and all that it says."""
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(command, cwd=PROJECT / at, check=False, **said)
    return done.returncode == 0, done.stdout


def newest_on_npm(package: str) -> str:
    return run("npm", "view", package, "version").strip()


def newest_on_pypi(package: str) -> str:
    """By pip, which finds the index that is configured."""
    dry = ["install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", "-", package]
    run("make", "--silent", ".tools/uv/.installed")
    return json.loads(run(".tools/uv/bin/pip", *dry))["install"][0]["metadata"]["version"]


def fixtures() -> tuple[str, dict[str, str]]:
    """The release that they are of, an older one where the last bump could not make them, and their texts."""
    (folder,) = (PROJECT / FIXTURES).iterdir()
    return folder.name, {path.name: path.read_text() for path in folder.iterdir()}


def bump(now: dict[str, str], releases: dict[str, str]) -> str:
    """Pins the releases; what is new, as Markdown."""
    (PROJECT / RELEASES).write_text(json.dumps(releases, indent=2) + "\n")
    for folder, which in PACKAGES.items():
        if now[which] == releases[which]:
            continue
        package = PROJECT / folder / "package.json"
        package.write_text(pinned(package.read_text(), now[which], releases[which]))
        # The fixtures need the packages; of the others the lock file will do.
        only = [] if folder == CONFORMANCE else ["--package-lock-only"]
        run("npm", "install", *only, "--no-audit", "--no-fund", "--loglevel=error", at=folder)

    if now["python"] != releases["python"]:
        oracle = PROJECT / ORACLE
        oracle.write_text(oracle.read_text().replace(now["python"], releases["python"]))
        run("make", "--silent", "lock", "SETS=oracle")

    if now["javascript"] == releases["javascript"]:
        return report(now, releases, "")
    before, old = fixtures()
    made, said = tried("npm", "run", "--silent", "golden", at=CONFORMANCE)
    after, new = fixtures()
    return report(now, releases, changes(old, new, before, after), None if made else said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--javascript", metavar="RELEASE", help="of @remotion/lambda-client")
    parser.add_argument("--python", metavar="RELEASE", help="of remotion-lambda")
    parser.add_argument("--function", metavar="RELEASE", help="of @remotion/lambda; by default the JavaScript client's")
    parser.add_argument(
        "--check", action="store_true", help="run `make conformance`, and say what is to be done by hand"
    )
    arguments = vars(parser.parse_args())
    check = arguments.pop("check")

    now = json.loads((PROJECT / RELEASES).read_text())
    wanted = {name: release for name, release in arguments.items() if release is not None}
    try:
        if not wanted:
            newest = {
                "javascript": newest_on_npm("@remotion/lambda-client"),
                "python": newest_on_pypi("remotion-lambda"),
                "function": newest_on_npm("@remotion/lambda"),
            }
            wanted = forwards(now, newest)
        elif "javascript" in wanted:
            wanted.setdefault("function", wanted["javascript"])
        releases = resolved(now, wanted)
        if releases == now:
            print("Nothing is new.")
            return
        print(bump(now, releases))
        if check:
            print(f"\n{verdict(*tried('make', 'conformance'))}")
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
