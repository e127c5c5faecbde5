"""Each command in a page is run by a test, is a target of the Makefile, or is marked as one for real AWS: ```bash aws."""

import re
from collections.abc import Iterator

import pytest
from pages import FENCE, PROJECT, pages

GUIDED = "".join(path.read_text() for path in (PROJECT / "tests" / "e2e").rglob("test_guided.py"))
MAKEFILE = (PROJECT / "Makefile").read_text()
# What a developer runs, and `make test` and CI too.
TOOLS = ("cargo ", "npm ci", "npm run ", "npm test", "npm install ./", "pytest", "sha256sum ", "gh attestation verify ")


def blocks() -> Iterator[tuple[str, str, str]]:
    """Page, heading and commands of each block that is not for real AWS."""
    for page in pages():
        text = page.read_text()
        for found in FENCE.finditer(text):
            if found[1] == "bash":
                headings = re.findall(r"^#+ .+$", text[: found.start()], re.MULTILINE)
                yield str(page.relative_to(PROJECT)), headings[-1], found[2]


@pytest.mark.parametrize(("page", "heading", "commands"), list(blocks()))
def test_each_command_is_run(page: str, heading: str, commands: str):
    if page in ("docs/tutorial.md", "docs/deploy.md") and f'"{heading}"' in GUIDED:
        return
    lines = re.sub(r"\\\n\s*", "", commands).splitlines()
    for line in filter(None, (line.partition("#")[0].strip() for line in lines)):
        command = re.sub(r"^([A-Z_]+=\S+ )+", "", re.sub(r"'[^']*'", "''", line))
        if target := re.match(r"make ([a-z-]+)", command):
            assert re.search(rf"^{target[1]}:|^{target[1]}\b.*:", MAKEFILE, re.MULTILINE), line
        else:
            assert command.startswith(TOOLS), f"{page}, {heading}: no test runs `{line}`"
