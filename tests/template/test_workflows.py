"""What runs on GitHub is pinned, and is given no more than it needs."""

import copy
import re

import pytest
import yaml
from project import PROJECT

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: (\$/\S+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$")

# The jobs that may write, and what.
WRITES = {
    ("remotion.yml", "propose"): {"contents", "pull-requests"},
    ("release.yml", "publish"): {"attestations", "contents", "id-token"},
}


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
def path(request):
    return request.param


def faults(name: str, workflow: dict) -> list[str]:
    """What the workflow is given too much of."""
    found = [] if workflow["permissions"] == {} else ["every job has permissions by default"]
    for job, described in workflow["jobs"].items():
        permissions = described.get("permissions")
        if permissions is None or isinstance(permissions, str):
            found.append(f"{job} does not list its permissions")
            continue
        writes = {scope for scope, level in permissions.items() if level != "read"}
        if writes != WRITES.get((name, job), set()):
            found.append(f"{job} may write {writes}")
        for step in described.get("steps", []):
            checkout = step.get("uses", "").startswith("actions/checkout@")
            if checkout and step.get("with", {}).get("persist-credentials") is not False:
                found.append(f"{job} keeps credentials")
            if "${{" in step.get("run", ""):
                found.append(f"{job} puts an expression into a script")
    return found


def test_each_job_has_the_permissions_that_it_needs(path):
    assert faults(path.name, yaml.safe_load(path.read_text())) == []


def test_a_permission_too_many_is_noticed(path):
    workflow = yaml.safe_load(path.read_text())
    for job in workflow["jobs"]:
        for level in ("write-all", {"contents": "read", "packages": "write"}, None):
            changed = copy.deepcopy(workflow)
            changed["jobs"][job]["permissions"] = level
            assert faults(path.name, changed)


def test_each_action_is_pinned_by_its_commit(path):
    uses = [line.strip().removeprefix("- ") for line in path.read_text().splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.match(line)] == []


def test_one_action_has_one_pin():
    pins = set(re.findall(r"uses: ([\w./-]+@\S+)", "".join(path.read_text() for path in WORKFLOWS)))
    assert len(pins) == len({pin.split("@")[0] for pin in pins})
