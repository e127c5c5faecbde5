"""Each permission of the role of `ends`, taken away: what it is for breaks, and all else goes on."""

import pytest
from deployed import Deployed
from ends_features import GOOD, EndsFeatures
from features import NO
from role import Permission, Role
from stand_in import StandIn

HEARD = ("hear an end", "hear an end that was read before", "hear of a render whose record was lost")

# What nobody has written yet, and what is written and was not told.
UNWRITTEN = ("find an end", "find an output without a word")
FOUND = (*UNWRITTEN, "find an end that was not told")

# Remotion tries again, and the sweep comes each minute.
REFUSED = "503, nothing told"
LEFT = "swept, nothing told"

# What breaks without it.
BREAKS: dict[Permission, dict[str, str]] = {
    ("ReadStateAndOutputs", "s3:GetObject"): {
        "hear an end": REFUSED,
        "hear of a render whose record was lost": REFUSED,
        "hear of a render that was deleted": REFUSED,
    }
    | dict.fromkeys(UNWRITTEN, LEFT),
    ("FindState", "s3:ListBucket"): {"find that there is no state": NO},
    ("WriteEnds", "dynamodb:DeleteItem"): dict.fromkeys((*HEARD, *FOUND), "told, and told again"),
    ("WriteEnds", "dynamodb:GetItem"): {"hear of a render that was deleted": REFUSED}
    | dict.fromkeys(HEARD, REFUSED)
    | dict.fromkeys(UNWRITTEN, LEFT),
    # The transaction that writes an end puts the event, and updates the render and what its owner has used.
    ("WriteEnds", "dynamodb:PutItem"): {"hear an end": REFUSED, "hear of a render whose record was lost": REFUSED}
    | dict.fromkeys(UNWRITTEN, LEFT),
    ("WriteEnds", "dynamodb:UpdateItem"): {
        "hear an end": REFUSED,
        "hear of a render whose record was lost": REFUSED,
        "look later at what goes on": "at once",
    }
    | dict.fromkeys(UNWRITTEN, LEFT),
    ("FindWhatIsDue", "dynamodb:Query"): dict.fromkeys((*FOUND, "look later at what goes on"), "the sweep fails"),
    # What is written is told later.
    ("TellOfEnds", "events:PutEvents"): dict.fromkeys(HEARD, "204, nothing told") | dict.fromkeys(FOUND, LEFT),
    ("WriteOwnLogs", "logs:CreateLogStream"): {"log": NO},
    ("WriteOwnLogs", "logs:PutLogEvents"): {"log": NO},
}

# What only a deployment has that traces.
WITH_TRACES: dict[Permission, dict[str, str]] = {
    ("SendTraces", "xray:PutTelemetryRecords"): {"trace": NO},
    ("SendTraces", "xray:PutTraceSegments"): {"trace": NO},
}

# What only a deployment has whose outputs are in the operator's own bucket, or whose bucket is under a key.
CHOSEN: dict[Permission, dict[str, str]] = {
    ("ReadOwnOutputs", "s3:GetObject"): {"find an output without a word": "told as timed_out"},
    ("FindOwnOutputs", "s3:ListBucket"): {"find that there is no output": NO},
    ("UseTheBucketsKey", "kms:Decrypt"): {"use the bucket's key": NO},
}

LIGHT_HAS_NOT = dict.fromkeys(("find that there is no output", "use the bucket's key"), NO)
CHOSEN_HAS_NOT = {"trace": NO}


@pytest.fixture(scope="module")
def light_ends(light: Deployed, stand_in: StandIn) -> EndsFeatures:
    return EndsFeatures(light, Role(light, "EndsRole"), stand_in)


@pytest.fixture(scope="module")
def chosen_ends(chosen: Deployed, stand_in: StandIn) -> EndsFeatures:
    return EndsFeatures(chosen, Role(chosen, "EndsRole"), stand_in)


def outcomes_without(features: EndsFeatures, permission: Permission) -> dict[str, str]:
    features.prepare()
    with features.role.without(permission):
        return features.outcomes()


def test_each_permission_has_a_use(light_ends: EndsFeatures, chosen_ends: EndsFeatures):
    """A new one must say here what it is for."""
    assert sorted(light_ends.role.permissions()) == sorted(BREAKS | WITH_TRACES)
    assert sorted(chosen_ends.role.permissions()) == sorted(BREAKS | CHOSEN)


def test_with_all_of_them_all_works(light_ends: EndsFeatures, chosen_ends: EndsFeatures):
    for features, has_not in ((light_ends, LIGHT_HAS_NOT), (chosen_ends, CHOSEN_HAS_NOT)):
        features.prepare()
        assert features.outcomes() == GOOD | has_not


@pytest.mark.parametrize("permission", BREAKS | WITH_TRACES, ids=" ".join)
def test_without_it(light_ends: EndsFeatures, permission: Permission):
    breaks = (BREAKS | WITH_TRACES)[permission]
    assert outcomes_without(light_ends, permission) == GOOD | LIGHT_HAS_NOT | breaks


@pytest.mark.parametrize("permission", CHOSEN, ids=" ".join)
def test_without_one_that_not_all_have(chosen_ends: EndsFeatures, permission: Permission):
    assert outcomes_without(chosen_ends, permission) == GOOD | CHOSEN_HAS_NOT | CHOSEN[permission]
