"""The project's pages, for the tests of what stands in them."""

import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

FENCE = re.compile(r"^ *```(.*?)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def pages() -> list[Path]:
    """Every Markdown file of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = (PROJECT / name for name in listed.stdout.splitlines())
    return sorted(path for path in found if path.is_file())


def prose(text: str) -> str:
    """The text without its blocks of code."""
    return FENCE.sub("", text)


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} (.+)$", prose(text), re.MULTILINE):
        words = re.sub(r"[`*]|\[([^]]*)]\([^)]*\)", r"\1", heading).lower().replace(" ", "-")
        anchor = "".join(c for c in words if c.isalnum() or c in "-_")
        found.add(next(name for name in (anchor, *(f"{anchor}-{n}" for n in range(1, 99))) if name not in found))
    return found


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading of a page in docs/, without its head."""
    section = (PROJECT / "docs" / page).read_text().split(f" {heading}\n", 1)[1].split("\n#", 1)[0]
    table = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]
