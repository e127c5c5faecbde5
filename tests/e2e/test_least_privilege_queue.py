"""Each permission that the queue brings, taken away: what it is for breaks."""

from collections.abc import Iterator

import pytest
from deployed import Deployed
from features import NO
from queue_features import GOOD, QueueFeatures
from role import Permission
from stand_in import StandIn

# All of it waits.
NOTHING = dict.fromkeys(("start", "start a large one", "tell of what cannot be started"), "waiting")

# By role, what breaks without it.
BREAKS: dict[str, dict[Permission, dict[str, str]]] = {
    "Role": {
        ("StoreLargeRequests", "s3:PutObject"): {"take a large request in": "503"},
        ("StoreLargeRequests", "s3:DeleteObject"): {"forget a batch, by the api": NO},
        ("CountTheQueue", "dynamodb:Query"): {"tell how many wait before": "503"},
        ("WakeTheDispatcher", "lambda:InvokeFunction"): {"wake by what is taken in": "waiting"},
    },
    "EndsRole": {
        ("StopFailedRenders", "s3:PutObject"): {"stop what has failed": "not told"},
        ("ForgetLargeRequests", "s3:DeleteObject"): {"forget a batch, by the sweep": NO},
        ("WakeTheDispatcher", "lambda:InvokeFunction"): {"wake by an end": "waiting"},
    },
    "DispatchRole": {
        ("StartRenders", "lambda:InvokeFunction"): dict.fromkeys(
            ("start", "start a large one"), "failed: render_function_denied"
        ),
        ("StoreLargeInputProps", "s3:PutObject"): {"start a large one": "failed: props_not_stored"},
        ("UseLargeRequests", "s3:GetObject"): {"start a large one": "failed: storage_denied"},
        ("UseLargeRequests", "s3:DeleteObject"): {"start a large one": "started, and kept"},
        ("FindLargeRequests", "s3:ListBucket"): {"find a request": NO},
        ("CancelRenders", "s3:PutObject"): {"stop a batch": NO},
        ("CheckTheBudget", "dynamodb:ConditionCheckItem"): NOTHING,
        ("LookAtTheQueue", "dynamodb:Query"): NOTHING | {"look": "failed"},
        # It is started, and its end tells so: the transaction that writes it down deletes what was sent.
        ("UseTheTable", "dynamodb:DeleteItem"): dict.fromkeys(
            ("start", "start a large one", "tell of what cannot be started"), "starting"
        ),
        ("UseTheTable", "dynamodb:GetItem"): NOTHING | {"look": "failed"},
        # The transaction that claims a render puts its lease.
        ("UseTheTable", "dynamodb:PutItem"): NOTHING,
        ("UseTheTable", "dynamodb:UpdateItem"): NOTHING | {"look": "failed"},
        ("TellOfEnds", "events:PutEvents"): {"tell of what cannot be started": "failed, not told"},
        ("WriteOwnLogs", "logs:CreateLogStream"): {"log": NO},
        ("WriteOwnLogs", "logs:PutLogEvents"): {"log": NO},
    },
}

CASES = [(role, permission) for role, permissions in BREAKS.items() for permission in permissions]


@pytest.fixture(scope="module")
def features(queued: Deployed, stand_in: StandIn) -> Iterator[QueueFeatures]:
    # It wakes the dispatcher, too.
    queued.tick(enabled=False)
    yield QueueFeatures(queued, stand_in)
    queued.tick(enabled=True)


def test_each_permission_has_a_use(features: QueueFeatures):
    """A new one must say here what it is for."""
    for role, permissions in BREAKS.items():
        granted = features.roles[role].permissions()
        ours = set(granted) if role == "DispatchRole" else set(granted) & set(permissions)
        assert ours == set(permissions), role


def test_with_all_of_them_all_works(features: QueueFeatures):
    assert {role: features.outcomes(role, GOOD[role]) for role in GOOD} == GOOD


@pytest.mark.parametrize(
    ("role", "permission"), CASES, ids=lambda value: " ".join(value) if isinstance(value, tuple) else value
)
def test_without_it(features: QueueFeatures, role: str, permission: Permission):
    expected = GOOD[role] | BREAKS[role][permission]
    with features.roles[role].without(permission):
        outcomes = features.outcomes(role, expected)
    assert outcomes == expected
