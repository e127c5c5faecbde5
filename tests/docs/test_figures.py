"""Figures that stand in a page are those of the code."""

import re
import subprocess
import sys

from pages import PROJECT, rows


def test_the_built_in_limits():
    code = (PROJECT / "src" / "access" / "limits.rs").read_text()
    numbers = {name: int(number.replace("_", "")) for name, number in re.findall(r'\("(\w+)", ([\d_]+)\.0\)', code)}
    assert numbers
    stated = dict(rows("configuration.md", "Built-in limits"))
    metadata = stated.pop("`metadata`")
    assert {name.strip("`"): int(number.replace(",", "")) for name, number in stated.items()} == numbers
    [(entries, kilobytes)] = re.findall(r"entries: (\d+),\s+bytes: (\d+) \* 1024", code)
    assert metadata.startswith(f"{entries} entries and {kilobytes} KB")


def test_each_alarm_is_explained():
    template = (PROJECT / "template.yaml").read_text()
    alarms = re.findall(r"^  (\w+):\n    Type: AWS::CloudWatch::Alarm$", template, re.MULTILINE)
    assert sorted(name.strip("`") for name, *_ in rows("operations.md", "Alarms")) == sorted(alarms)


def test_the_costs_are_those_of_their_arithmetic():
    subprocess.run([sys.executable, PROJECT / "dev" / "costs.py", "--check"], check=True)


def test_the_tutorial_has_what_renders_need_of_the_account_and_the_bucket():
    """How many functions there are, and the rules by which `deleteAfter` deletes."""
    tutorial = (PROJECT / "docs" / "tutorial.md").read_text()
    commands = " ".join(re.findall(r"npx remotion lambda .*", tutorial))
    assert "sites create" in commands
    assert "--enable-folder-expiry" in commands
    assert "npx remotion lambda quotas" in commands
