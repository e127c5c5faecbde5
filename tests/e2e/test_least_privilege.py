"""Each permission of the function's role, taken away: what it is for breaks, in the promised words, and all else goes on."""

import pytest
import renders
from deployed import Deployed
from features import GOOD, NO, Features
from role import Permission, Role
from stand_in import StandIn

INVOKE = "503 render_function_denied"
STORAGE = "503 storage_denied"
TABLE = "503 renders_table_denied"

STARTS = (
    "start",
    "start with a key",
    "start again with the key of one that failed",
    "start with large props",
    "start after one that never ran",
    "still",
)

# What breaks without it.
BREAKS: dict[Permission, dict[str, str]] = {
    ("StartRenders", "lambda:InvokeFunction"): dict.fromkeys((*STARTS, "compositions", "health"), INVOKE),
    ("StoreLargeInputProps", "s3:PutObject"): {"start with large props": "503 props_not_stored"},
    ("ReadStateAndOutputs", "s3:GetObject"): {
        "status": STORAGE,
        "status of one without a state": STORAGE,
        "download": "403",
        "cancel": STORAGE,
        "delete": STORAGE,
    },
    # And on AWS "status of one without a state", which the local S3 answers as if it were granted.
    ("ListRenders", "s3:ListBucket"): {"delete": STORAGE, "delete a still": STORAGE},
    ("CancelRenders", "s3:PutObject"): {"cancel": STORAGE},
    ("DeleteRenders", "s3:DeleteObject"): {"delete": STORAGE, "delete a still": STORAGE},
    ("UseTheTable", "dynamodb:DeleteItem"): {
        # The key of a start that failed stays taken.
        "start again with the key of one that failed": "409 idempotency_in_flight",
        # The transaction that gives back a place in the quota deletes the claim to it.
        "start after one that never ran": "200, and the one that never ran is counted",
        "delete": TABLE,
        "delete a still": TABLE,
    },
    ("UseTheTable", "dynamodb:GetItem"): {
        "start after one that never ran": "200, and nothing is told of the quota",
        "usage": TABLE,
    },
    # The transaction that claims a start writes the key, or the claim, and counts in the quota.
    # And the event of an end, which is written before a render is deleted.
    ("UseTheTable", "dynamodb:PutItem"): dict.fromkeys((*STARTS, "delete"), TABLE),
    # And what is noted of a render before its files are deleted.
    ("UseTheTable", "dynamodb:UpdateItem"): dict.fromkeys((*STARTS, "delete", "delete a still"), TABLE),
    # A render is read together with what was sent for it.
    ("ListTheTable", "dynamodb:Query"): {
        "list": TABLE,
        "usage": TABLE,
        "status": TABLE,
        "status of a still": TABLE,
        "status of one without a state": TABLE,
        "cancel": TABLE,
        "delete": TABLE,
        "delete a still": TABLE,
    },
    ("WriteOwnLogs", "logs:CreateLogStream"): {"log": NO},
    ("WriteOwnLogs", "logs:PutLogEvents"): {"log": NO},
}

# What only a deployment has that traces, or where the month has a budget: the transaction that claims a start checks that.
ASKED_FOR: dict[Permission, dict[str, str]] = {
    ("CheckTheBudget", "dynamodb:ConditionCheckItem"): dict.fromkeys(STARTS, TABLE),
    ("SendTraces", "xray:PutTelemetryRecords"): {"trace": NO},
    ("SendTraces", "xray:PutTraceSegments"): {"trace": NO},
}

# What only a deployment has whose outputs are in the operator's own bucket, or whose bucket is under a key.
CHOSEN: dict[Permission, dict[str, str]] = {
    ("ReadOwnOutputs", "s3:GetObject"): {"download": "403"},
    ("DeleteOwnOutputs", "s3:DeleteObject"): {"delete": STORAGE, "delete a still": STORAGE},
    # An output that is gone would read as one that is forbidden: not on the local S3.
    ("FindOwnOutputs", "s3:ListBucket"): {"find an output": NO},
    ("UseTheBucketsKey", "kms:Decrypt"): {"use the bucket's key": NO},
    ("UseTheBucketsKey", "kms:GenerateDataKey"): {"use the bucket's key": NO},
}

LIGHT_HAS_NOT = dict.fromkeys(("find an output", "use the bucket's key"), NO)
CHOSEN_HAS_NOT = {"trace": NO}


@pytest.fixture(scope="module")
def light_features(light: Deployed, role: Role, stand_in: StandIn) -> Features:
    return Features(light, role, stand_in)


@pytest.fixture(scope="module")
def chosen_features(chosen: Deployed, stand_in: StandIn) -> Features:
    return Features(chosen, Role(chosen), stand_in)


def outcomes_without(features: Features, permission: Permission) -> dict[str, str]:
    features.prepare()
    # An instance of its own: one that has worked remembers the compositions.
    with renders.environment(features.api, TAKEN_AWAY=" ".join(permission)), features.role.without(permission):
        return features.outcomes()


def test_each_permission_has_a_use(light_features: Features, chosen_features: Features):
    """A new one must say here what it is for."""
    assert sorted(light_features.role.permissions()) == sorted(BREAKS | ASKED_FOR)
    assert sorted(chosen_features.role.permissions()) == sorted(BREAKS | CHOSEN)


def test_with_all_of_them_all_works(light_features: Features, chosen_features: Features):
    for features, has_not in ((light_features, LIGHT_HAS_NOT), (chosen_features, CHOSEN_HAS_NOT)):
        features.prepare()
        assert features.outcomes() == GOOD | has_not


@pytest.mark.parametrize("permission", BREAKS | ASKED_FOR, ids=" ".join)
def test_without_it(light_features: Features, permission: Permission):
    breaks = (BREAKS | ASKED_FOR)[permission]
    assert outcomes_without(light_features, permission) == GOOD | LIGHT_HAS_NOT | breaks


@pytest.mark.parametrize("permission", CHOSEN, ids=" ".join)
def test_without_one_that_not_all_have(chosen_features: Features, permission: Permission):
    assert outcomes_without(chosen_features, permission) == GOOD | CHOSEN_HAS_NOT | CHOSEN[permission]
