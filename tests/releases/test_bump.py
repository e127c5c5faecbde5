"""What the bump makes of releases, packages and fixtures. That it pins everything, test_releases.py holds it to."""

import json

import bump
import pytest
from bump import Refused

NOW = {"schema": "4.0.20", "javascript": "4.0.10", "python": "4.0.20", "function": "4.0.9"}


def test_the_schema_follows_the_newer_client():
    assert bump.resolved(NOW, {"javascript": "4.0.11"}) == NOW | {"javascript": "4.0.11"}
    assert bump.resolved(NOW, {"javascript": "4.0.100"})["schema"] == "4.0.100"
    assert bump.resolved(NOW, {"python": "4.0.21"})["schema"] == "4.0.21"


@pytest.mark.parametrize("release", ["5.0.0", "4.1.0", "4.0.0-alpha.217", "latest", ""])
def test_what_is_no_release_of_four_is_refused(release):
    with pytest.raises(Refused, match="followed by hand"):
        bump.resolved(NOW, {"javascript": release})


def test_a_registry_that_lags_behind_takes_nothing_back():
    newest = {"javascript": "4.0.8", "python": "4.0.21", "function": "4.0.9"}
    assert bump.forwards(NOW, newest) == {"javascript": "4.0.10", "python": "4.0.21", "function": "4.0.9"}


def test_only_the_packages_of_remotion_are_pinned():
    package = {"dependencies": {"@remotion/lambda": "4.0.10", "react": "4.0.10", "remotion": "4.0.10"}}
    pinned = bump.pinned(json.dumps(package, indent="\t"), "4.0.10", "4.0.11")
    assert json.loads(pinned)["dependencies"] == {"@remotion/lambda": "4.0.11", "react": "4.0.10", "remotion": "4.0.11"}
    assert pinned.startswith('{\n\t"dependencies"')


def test_a_package_that_is_pinned_otherwise_is_not_overlooked():
    with pytest.raises(Refused, match=r"pinned to 4\.0\.10"):
        bump.pinned('{"dependencies": {"remotion": "4.0.9"}}', "4.0.10", "4.0.11")


def test_a_change_is_told_once_and_without_the_number():
    case = '{{"version": "{}",\n"functionName": "remotion-render-{}-mem2048mb",\n{}"type": "start"}}' + "\n" * 9
    old = {"start.json": case.format("4.0.10", "4-0-10", "") * 3, "same.json": "4.0.10"}
    new = {"start.json": case.format("4.0.11", "4-0-11", '"fresh": 1,\n') * 3, "same.json": "4.0.11"}
    changes = bump.changes(old, new, "4.0.10", "4.0.11").splitlines()
    assert [line for line in changes if line[0] in "@+-"] == ["@@ start.json, and 2 times more @@", '+"fresh": 1,']


def test_a_long_change_is_cut_short():
    new = {"start.json": "\n".join(map(str, range(1_000)))}
    changes = bump.changes({}, new, "4.0.10", "4.0.11").splitlines()
    assert (len(changes), changes[-1]) == (bump.LINES + 1, "… and 601 lines more: see the files")


def test_the_verdict_says_what_to_do_by_hand():
    assert "nothing to do by hand" in bump.verdict(True, "a log")
    failed = bump.verdict(False, "x" * 2 * bump.LOG + "the end")
    assert "since.json" in failed
    assert failed.rstrip("`").rstrip().endswith("the end")
    assert len(failed) < bump.LOG + 2_000


def test_the_report_says_what_is_new():
    releases = NOW | {"javascript": "4.0.11"}
    assert "| javascript | 4.0.10 | 4.0.11 |" in bump.report(NOW, releases, "+ fresh")
    assert "+ fresh" in bump.report(NOW, releases, "+ fresh")
    assert "Nothing is new in the fixtures" in bump.report(NOW, releases, "")
    assert "No case of start has" in bump.report(NOW, releases, "", error="No case of start has the options fresh.")
    assert "The JavaScript client stays" in bump.report(NOW, NOW | {"python": "4.0.21"}, "")
