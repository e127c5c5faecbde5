"""The processes of the local AWS's render functions: what a test kills."""

import subprocess
from collections.abc import Container

import account
from local_aws import supervisor
from local_aws.settings import Settings
from patience import until

# What the longest function of the tests has, and some seconds for its processes to go.
LONGEST = 150


def wait_until_nothing_renders(settings: Settings) -> None:
    """Whatever a test before has started and left: it ends with its function's time at the latest."""
    until(lambda: not chromes(settings) and account.told(settings)["running"] == 0, seconds=LONGEST)


def chromes(settings: Settings, other_than: Container[int] = ()) -> dict[int, int]:
    """Those of this local AWS alone, each with the process of the render function that has started it."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], check=True, stdout=subprocess.PIPE, text=True)
    processes = [(int(pid), int(parent), args[0]) for pid, parent, *args in map(split, table.stdout.splitlines())]
    family = {supervisor.running(settings)}
    while more := {pid for pid, parent, _ in processes if parent in family} - family:
        family |= more
    functions = {pid for pid, _, args in processes if pid in family and "sandbox.mjs" in args}
    return {
        pid: parent
        for pid, parent, args in processes
        if parent in functions and "chrom" in args.split()[0] and pid not in other_than
    }


def split(line: str) -> list[str]:
    return [*line.split(None, 2), ""]
