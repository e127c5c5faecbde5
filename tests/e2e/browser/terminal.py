"""A command that asks: run in a terminal, its questions answered as a person would."""

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# How a terminal colours what it shows.
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A line that waits for an answer: "Parameter Architecture [arm64]: ", "Disable rollback [y/N]: ".
QUESTION = re.compile(r"(?P<text>[^\n]+?) \[(?P<default>[^\n]*)\]: $")


@dataclass
class Dialogue:
    """What was asked, in order, with what Enter alone answers; all that was shown; and how it ended."""

    questions: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    status: int | None = None


def converse(
    command: list[str], folder: Path, environment: dict[str, str], answer: Callable[[str], str], seconds: float = 300
) -> Dialogue:
    """Runs the command; `answer` gives the line for a question, empty for Enter alone."""
    dialogue = Dialogue()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, cwd=folder, env=environment | {"TERM": "dumb"}, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    deadline = time.monotonic() + seconds
    answered = 0
    try:
        while True:
            if time.monotonic() > deadline:
                raise TimeoutError(dialogue.shown)
            if not select.select([ours], [], [], 0.2)[0]:
                continue
            try:
                part = os.read(ours, 65536)
            except OSError:
                # Nobody holds the other end any more.
                break
            if not part:
                break
            dialogue.shown += COLOURS.sub("", part.decode(errors="replace")).replace("\r", "")
            asked = QUESTION.search(dialogue.shown, answered)
            if asked:
                answered = len(dialogue.shown)
                text = asked["text"].strip()
                dialogue.questions[text] = asked["default"]
                os.write(ours, f"{answer(text)}\n".encode())
        dialogue.status = process.wait(timeout=30)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)
    return dialogue
