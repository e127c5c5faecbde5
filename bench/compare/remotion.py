"""How long Remotion's own function takes to say how a render stands: what a poll costs that invokes it."""

import json
import statistics
import tempfile
import time
from pathlib import Path

from local_aws import starter
from local_aws.remotion import client
from local_aws.settings import BUCKET, FUNCTION, VERSION, Settings

from .aws import RENDER
from .growth import progress

POLLS = 20


def status_ms() -> float:
    """The median, warm, on the local AWS."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.apart(Path(folder))
        supervisor = starter.start(settings)
        try:
            key = f"renders/{RENDER}/progress.json"
            client("s3", settings.endpoint).put_object(Bucket=BUCKET, Key=key, Body=progress(9, 0))
            lambda_ = client("lambda", settings.endpoint)
            # The first starts the function's process.
            return statistics.median([_poll(lambda_) for _ in range(POLLS + 1)][1:])
        finally:
            starter.stop(supervisor)


def _poll(lambda_) -> float:
    payload = {
        "type": "status",
        "bucketName": BUCKET,
        "renderId": RENDER,
        "version": VERSION,
        "s3OutputProvider": None,
        "logLevel": "info",
        "forcePathStyle": False,
    }
    begun = time.perf_counter()
    answer = lambda_.invoke(FunctionName=FUNCTION, Payload=json.dumps(payload))
    answered = json.load(answer["Payload"])
    assert answered["type"] == "success", answered
    return (time.perf_counter() - begun) * 1e3
