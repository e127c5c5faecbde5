"""The function's own process, with an emulator for DynamoDB and S3. AWS Lambda's Invoke is answered by the relay."""

import json
from pathlib import Path

from emulators import Emulator
from function import Answer, Function
from local_aws.settings import BUCKET, FUNCTION, REGION
from relay import Relay
from request import SMALL, Request
from state import TABLE, Held

SECONDS = 20


class Api:
    def __init__(self, emulator: Emulator, binary: Path, folder: Path, variables: dict[str, str]):
        self.state = emulator.state
        self.relay = Relay(emulator.endpoint)
        environment = {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "REMOTION_FUNCTION_NAME": FUNCTION,
            "REMOTION_SERVE_URL": "demo",
            "REMOTION_BUCKET_NAME": BUCKET,
            "REMOTION_COMPOSITION": "MyVideo",
            "RENDERS_TABLE": TABLE,
        }
        endpoints = self.relay.variables() | {
            "AWS_ENDPOINT_URL_DYNAMODB": emulator.endpoint,
            "AWS_ENDPOINT_URL_S3": emulator.endpoint,
        }
        self._function = Function(binary, environment | endpoints | variables, folder)

    def end(self) -> None:
        self._function.__exit__()
        self.relay.__exit__()

    @property
    def started(self) -> list[str]:
        return self.relay.render_function.started

    def send(self, request: Request, *, may_warn: bool = False) -> Answer:
        answer = self._function.invoke(request.event(), SECONDS)
        assert may_warn or {line["level"] for line in answer.log} == {"INFO"}, answer.log
        return answer

    def held(self, request: Request) -> Held:
        return self.state.of(request.user, request.key)


def start(user: str | None = None, *, keyed: bool = True, body: dict = SMALL, route: str = "POST /render") -> Request:
    request = Request(route, body, keyed)
    request.user = user or request.user
    return request


def about(render: Request, route: str) -> Request:
    """A request of the same user's, about the same render."""
    return Request(route, user=render.user, render_id=render.render_id)


def told(answer: Answer) -> tuple[int, str | None]:
    """The status, and the code of a problem."""
    return answer.status, json.loads(answer.text).get("code") if answer.text else None
