"""What the local AWS does not do as AWS does, as the table in README.md has it."""

import re
from pathlib import Path


def differences() -> list[tuple[str, str]]:
    """Each with the part that it is about, and what happens there."""
    table = Path(__file__).with_name("README.md").read_text().partition("## What differs from AWS")[2]
    _names, _line, *rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    return rows


def show() -> None:
    for part, there in differences():
        print(f"- {part}: {there}".replace("`", ""))
