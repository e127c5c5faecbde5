"""The share of a processor that AWS Lambda gives to a function of so much memory, by a control group."""

import atexit
import os
from pathlib import Path

# AWS gives a whole processor at this size, in MB.
# Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
WHOLE = 1_769
PERIOD_US = 20_000

VERSION_1 = Path("/sys/fs/cgroup/cpu")
VERSION_2 = Path("/sys/fs/cgroup")


class CpuShare:
    """What is started in it has all of a processor while it starts, as on AWS Lambda, and the share from its first request on."""

    def __init__(self, memory_mb: int):
        self._quota_us = max(1_000, PERIOD_US * memory_mb // WHOLE)
        self._is_version_1 = VERSION_1.exists()
        self._folder = (VERSION_1 if self._is_version_1 else VERSION_2) / f"bench-{os.getpid()}-{memory_mb}"
        if not self._folder.exists():
            self._folder.mkdir()
            atexit.register(self._folder.rmdir)

    @staticmethod
    def is_possible() -> bool:
        """Where this process may make a group that has a share: as root, mostly."""
        if VERSION_1.exists():
            return os.access(VERSION_1, os.W_OK)
        handed_down = VERSION_2 / "cgroup.subtree_control"
        return os.access(VERSION_2, os.W_OK) and handed_down.exists() and "cpu" in handed_down.read_text().split()

    def join(self) -> None:
        self._write("cgroup.procs", str(os.getpid()))

    def leave(self) -> None:
        """What this process has started stays."""
        (self._folder.parent / "cgroup.procs").write_text(str(os.getpid()))

    def lift(self) -> None:
        self._limit("-1" if self._is_version_1 else "max")

    def impose(self) -> None:
        self._limit(str(self._quota_us))

    def _limit(self, quota: str) -> None:
        if self._is_version_1:
            self._write("cpu.cfs_period_us", str(PERIOD_US))
            self._write("cpu.cfs_quota_us", quota)
        else:
            self._write("cpu.max", f"{quota} {PERIOD_US}")

    def _write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text)
