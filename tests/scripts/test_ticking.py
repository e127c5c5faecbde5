"""Whoever waits sees that something happens."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import ticking
from local_aws.settings import DEV


def test_a_silent_command_is_seen_to_run(monkeypatch, capsys):
    monkeypatch.setattr(ticking, "SECONDS", 0.05)
    with ticking.ticking("building", lambda: "12 crates"):
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.3)"], check=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2
    assert all(re.fullmatch(r"  building: \d+ s, 12 crates", line) for line in lines), lines


@pytest.mark.parametrize("status", [0, 3])
def test_the_command_s_status_and_words_are_handed_on(status: int):
    command = [sys.executable, str(Path(DEV) / "ticking.py"), "what", sys.executable, "-c"]
    done = subprocess.run([*command, f"print('said'); exit({status})"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (status, "said\n")
