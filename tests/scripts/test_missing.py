"""What the Makefile needs and does not find, it names with the command that installs it."""

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("rust", "Rust is missing. Install it with `curl "),
        # In a fresh clone, and where uv is there already.
        ("--always-make .tools/uv/.installed", "Python 3.11 or later is missing. Install it with `sudo apt-get "),
        ("{folder}/venv/.installed", "Python 3.11 or later is missing. Install it with `sudo apt-get "),
        (
            "{folder}/node_modules/.package-lock.json",
            "Node.js 20.19 or later, with npm, is missing. Install it with `nvm ",
        ),
    ],
)
def test_what_is_missing_is_said_with_what_installs_it(tmp_path: Path, target: str, says: str):
    """In a folder of its own, on a path on which nothing is."""
    (tmp_path / "package-lock.json").touch()
    make = shutil.which("make")
    command = [make, f"VENV={tmp_path}/venv", f"PYTHON={tmp_path}/python3", *target.format(folder=tmp_path).split()]
    done = subprocess.run(
        command, cwd=PROJECT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert says in done.stdout
