"""The state that Remotion keeps of a render of ten frames."""

import time

# In milliseconds, as Remotion counts.
A_MINUTE = 60_000


def launching() -> dict:
    """As `start` writes it."""
    return {
        "framesRendered": 0,
        "framesEncoded": 0,
        "lambdasInvoked": 0,
        "timeoutTimestamp": _now() + 2 * A_MINUTE,
        "functionLaunched": _now(),
    }


def rendering(since: int = 0) -> dict:
    """All frames are there, and are being put together. `since` is how long ago it has begun."""
    launched = _now() - since
    metadata = {
        "type": "video",
        "startedDate": launched,
        "totalChunks": 1,
        "estimatedRenderLambdaInvokations": 1,
        "codec": "h264",
        "frameRange": [0, 9],
        "everyNthFrame": 1,
        "compositionId": "MyVideo",
    }
    return {
        "framesRendered": 10,
        "framesEncoded": 10,
        "lambdasInvoked": 1,
        "timeoutTimestamp": launched + 2 * A_MINUTE,
        "functionLaunched": launched,
        "serveUrlOpened": launched,
        "compositionValidated": launched,
        "renderMetadata": metadata,
    }


def ended() -> dict:
    """What is added when it is done."""
    return {"postRenderData": {"outputSize": 5, "timeToFinish": 5, "endTime": _now(), "errors": []}}


def _now() -> int:
    return int(time.time() * 1000)
