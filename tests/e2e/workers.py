"""In which order the files are played, and which of them by the same worker, where there are several (pytest-xdist)."""

from pathlib import PurePath

import pytest
from xdist.scheduler import LoadScopeScheduling

# Their renders take minutes to end, which they do while others are played.
FIRST = ("test_events.py", "test_life.py")
# They need builds of their own, for which they would wait while others are made.
LAST = ("test_crate.py", "test_cargo_lambda.py")

# What one worker plays: the files that have the deployment `small`, and those that read what is built while one of them
# builds it again.
SMALL = ("test_events.py", "test_life.py", "test_once.py", "test_page.py", "test_page_session.py")
BUILT = ("test_demo.py", "test_guided.py", "test_privacy.py")
GROUPS = dict.fromkeys(SMALL, "small") | dict.fromkeys(BUILT, "built")


class Scheduling(LoadScopeScheduling):
    """A file at a time, or a group of them. The mark `xdist_group` has no effect with this pytest."""

    def _split_scope(self, nodeid: str) -> str:
        name = PurePath(nodeid.split("::", maxsplit=1)[0]).name
        return GROUPS.get(name, name)


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Scheduling:
    # As they have been sorted, and not by how many tests there are in each.
    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, ...]:
    name = item.path.name
    return name in LAST, item.get_closest_marker("late") is not None, name not in FIRST
