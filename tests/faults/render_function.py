"""A stand-in for Remotion's render function: it renders nothing, and counts what it was asked to start."""

import json
import random
import string

from local_aws.settings import BUCKET, VERSION


class RenderFunction:
    def __init__(self):
        # The ids of the renders that run now, wanted or not.
        self.started: list[str] = []
        # What it was asked, in this order.
        self.payloads: list[dict] = []

    def run(self, payload: dict) -> bytes:
        self.payloads.append(payload)
        match payload["type"]:
            case "start":
                answer = {"bucketName": BUCKET, "renderId": self._begin()}
            case "still":
                render_id = self._begin()
                answer = {
                    "bucketName": BUCKET,
                    "renderId": render_id,
                    "outKey": f"renders/{render_id}/out.png",
                    "sizeInBytes": 7,
                }
            case "info":
                answer = {"version": VERSION}
            case "compositions":
                composition = {"id": "MyVideo", "width": 320, "height": 240, "fps": 30, "durationInFrames": 60}
                answer = {"compositions": [composition | {"defaultProps": {}}]}
        return json.dumps({"type": "success"} | answer).encode()

    def _begin(self) -> str:
        self.started.append("".join(random.choices(string.ascii_lowercase + string.digits, k=10)))
        return self.started[-1]
