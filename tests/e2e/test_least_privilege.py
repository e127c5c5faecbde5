"""Each permission of the function's role, taken away: what it is for breaks, in the promised words, and all else goes on."""

import pytest
import renders
from deployed import Deployed
from features import GOOD, Features
from role import Permission, Role
from stand_in import StandIn

INVOKE = "503 render_function_denied"
STORAGE = "503 storage_denied"
LEDGER = "503 ledger_denied"
NO = "implicitDeny"

# What breaks without it.
BREAKS: dict[Permission, dict[str, str]] = {
    ("StartRenders", "lambda:InvokeFunction"): {
        "start": INVOKE,
        "start with a key": INVOKE,
        "start again with the key of one that failed": INVOKE,
        "start with large props": INVOKE,
        "still": INVOKE,
        "compositions": INVOKE,
        "health": INVOKE,
    },
    ("StoreLargeInputProps", "s3:PutObject"): {"start with large props": "503 props_not_stored"},
    ("ReadStateAndOutputs", "s3:GetObject"): {
        "status": STORAGE,
        "status of one without a state": STORAGE,
        "download": "403",
        "delete": STORAGE,
    },
    # And on AWS "status of one without a state", which the local S3 answers as if it were granted.
    ("ListRenders", "s3:ListBucket"): {"delete": STORAGE},
    ("CancelRenders", "s3:PutObject"): {"cancel": STORAGE},
    ("DeleteRenders", "s3:DeleteObject"): {"delete": STORAGE},
    ("KeepTheLedger", "dynamodb:DeleteItem"): {
        # The key of a start that failed stays taken.
        "start again with the key of one that failed": "409 idempotency_in_flight",
        "delete": LEDGER,
    },
    ("KeepTheLedger", "dynamodb:GetItem"): {
        "status": LEDGER,
        "status of one without a state": LEDGER,
        "cancel": LEDGER,
        "delete": LEDGER,
    },
    ("KeepTheLedger", "dynamodb:PutItem"): {
        "start": "502 render_not_recorded",
        "start with large props": "502 render_not_recorded",
        # A key is reserved before anything starts.
        "start with a key": LEDGER,
        "start again with the key of one that failed": LEDGER,
    },
    # The quota, and what is noted of a render before its files are deleted.
    ("KeepTheLedger", "dynamodb:UpdateItem"): {
        "start": LEDGER,
        "start with a key": LEDGER,
        "start again with the key of one that failed": LEDGER,
        "start with large props": LEDGER,
        "still": LEDGER,
        "delete": LEDGER,
    },
    ("ListTheLedger", "dynamodb:Query"): {"list": LEDGER},
    ("WriteOwnLogs", "logs:CreateLogStream"): {"log": NO},
    ("WriteOwnLogs", "logs:PutLogEvents"): {"log": NO},
    ("SendTraces", "xray:PutTelemetryRecords"): {"trace": NO},
    ("SendTraces", "xray:PutTraceSegments"): {"trace": NO},
}


def test_each_permission_has_a_use(role: Role):
    """A new one must say here what it is for."""
    assert sorted(role.permissions()) == sorted(BREAKS)


def test_with_all_of_them_all_works(light: Deployed, role: Role, stand_in: StandIn):
    assert Features(light, role, stand_in).outcomes() == GOOD


@pytest.mark.parametrize("permission", BREAKS, ids=" ".join)
def test_without_it(light: Deployed, role: Role, stand_in: StandIn, permission: Permission):
    features = Features(light, role, stand_in)
    # An instance of its own: one that has worked remembers the compositions.
    with renders.environment(light, TAKEN_AWAY=" ".join(permission)), role.without(permission):
        outcomes = features.outcomes()
    assert outcomes == GOOD | BREAKS[permission]
