"""Each link in a page leads somewhere: to a file of the project, and to a heading that is there."""

import re
from pathlib import Path

import pytest
from pages import PROJECT, anchors, pages, prose

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^]]*])*]\(([^)\s]+)\)")


def broken(page: Path, text: str) -> list[str]:
    found = []
    for target in LINK.findall(re.sub(r"`[^`\n]*`", "", prose(text))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file.read_text())):
            found.append(target)
    return found


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_each_link_leads_somewhere(page: Path):
    assert broken(page, page.read_text()) == []


@pytest.mark.parametrize("link", ["docs/nothing.md", "docs/deploy.md#nothing", "#nothing"])
def test_a_broken_link_is_found(link: str):
    assert broken(PROJECT / "README.md", f"[a page]({link})") == [link]


def test_the_readme_leads_to_every_page():
    text = (PROJECT / "README.md").read_text()
    missing = [page.name for page in (PROJECT / "docs").glob("*.md") if f"](docs/{page.name}" not in text]
    assert missing == []


def test_the_readme_is_short():
    assert len((PROJECT / "README.md").read_text().splitlines()) <= 150
