"""Which releases of Remotion are followed stands in crates/remotion-lambda/releases.json, and by hand nowhere else."""

import fnmatch
import json
import re
import subprocess

import bump
import pytest
from bump import PROJECT

RELEASES = json.loads((PROJECT / bump.RELEASES).read_text())

# What the bump writes, what is generated, and what says since when something is so.
ALLOWED = [
    "*/package-lock.json",
    "CHANGELOG.md",
    "bench/peers/node/package.json",
    "clients/typescript/package.json",
    "crates/remotion-lambda/releases.json",
    "dev/*.txt",
    "dev/oracle.in",
    "dev/package.json",
    "crates/remotion-lambda/conformance/package.json",
    "crates/remotion-lambda/tests/since.json",
    "crates/remotion-lambda/tests/fixtures/*",
]


def files() -> list[str]:
    """Those of the repository, also the ones that are not committed yet."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in names if (PROJECT / name).is_file()]


def by_hand(name: str, content: bytes) -> bool:
    if any(fnmatch.fnmatch(name, allowed) for allowed in ALLOWED):
        return False
    numbers = "|".join({release.replace(".", "[.-]") for release in RELEASES.values()})
    return re.search(rf"(?<!\d)({numbers})(?!\d)".encode(), content) is not None


def test_a_release_stands_nowhere_by_hand():
    assert [name for name in files() if by_hand(name, (PROJECT / name).read_bytes())] == []


def test_a_release_by_hand_is_noticed():
    release = RELEASES["function"]
    for content in (f"at Remotion {release}.", f"remotion-render-{release.replace('.', '-')}-mem2048mb"):
        assert by_hand("docs/guide.md", content.encode())
    assert not by_hand("docs/guide.md", f"1{release}0".encode())


def test_the_schema_is_of_the_newer_client():
    assert RELEASES["schema"] in (RELEASES["javascript"], RELEASES["python"])
    assert bump.number(RELEASES["schema"]) >= max(map(bump.number, RELEASES.values()))


@pytest.mark.parametrize("folder", bump.PACKAGES, ids=str)
def test_the_packages_of_remotion_are_at_that_release(folder):
    release = RELEASES[bump.PACKAGES[folder]]
    package = json.loads((PROJECT / folder / "package.json").read_text())
    packages = package.get("dependencies", {}) | package.get("devDependencies", {})
    pins = {name: at for name, at in packages.items() if "remotion" in name}
    assert pins
    assert set(pins.values()) == {release}
    locked = json.loads((PROJECT / folder / "package-lock.json").read_text())["packages"]
    assert {locked[f"node_modules/{name}"]["version"] for name in pins} == {release}


def test_the_python_client_is_at_that_release():
    for name in (bump.ORACLE, bump.ORACLE.with_suffix(".txt")):
        assert re.findall(r"^remotion-lambda==(\S+)", (PROJECT / name).read_text(), re.MULTILINE) == [
            RELEASES["python"]
        ]


def test_the_fixtures_are_of_that_release():
    release, fixtures = bump.fixtures()
    assert release == json.loads(fixtures["census.json"])["version"] == RELEASES["javascript"]
