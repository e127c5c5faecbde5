"""Whoever waits sees that something happens."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import ticking
from local_aws.settings import DEV


def test_a_silent_command_is_seen_to_run(monkeypatch, capsys):
    monkeypatch.setattr(ticking, "SECONDS", 0.05)
    ticked = threading.Semaphore(0)

    def detail() -> str:
        ticked.release()
        return "12 crates"

    with ticking.ticking("building", detail):
        assert all(ticked.acquire(timeout=60) for _ in range(2))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2
    assert all(re.fullmatch(r"  building: \d+ s, 12 crates", line) for line in lines), lines


@pytest.mark.parametrize("status", [0, 3])
def test_the_command_s_status_and_words_are_handed_on(status: int):
    command = [sys.executable, str(Path(DEV) / "ticking.py"), "what", sys.executable, "-c"]
    done = subprocess.run([*command, f"print('said'); exit({status})"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (status, "said\n")
