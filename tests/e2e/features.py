"""What a deployment does for a signed-in user, and what came of it: `200`, or `503 storage_denied`."""

import contextlib
import urllib.error
import urllib.request
import uuid

from deployed import Answer, Deployed
from local_aws.settings import ACCOUNT, REGION
from role import Role
from stand_in import StandIn

# Over what fits into an invocation of the render function.
LARGE = "x" * 200_000

GOOD = {
    "start": "200",
    "start with a key": "200",
    "start again with the key of one that failed": "200",
    "start with large props": "200",
    "still": "200",
    "compositions": "200",
    "health": "200",
    "list": "200",
    "status": "200",
    "status of one without a state": "200",
    "download": "200",
    "cancel": "202",
    "delete": "204",
    "log": "allowed",
    "trace": "allowed",
}


class Features:
    """A user with renders that have been started while all was well."""

    def __init__(self, api: Deployed, role: Role, stand_in: StandIn):
        self.api = api
        self.role = role
        self.stand_in = stand_in
        self.user = api.sign_up()
        self.waiting, self.finished, self.doomed = (self._started() for _ in range(3))
        self.stand_in.finish(self.finished)
        self.stand_in.finish(self.doomed)
        self.output_url = self._request("GET", f"/render/{self.finished}").json["outputUrl"]
        self.log_group = api.resource("LogGroup")

    def outcomes(self) -> dict[str, str]:
        return {name: getattr(self, name.replace(" ", "_"))() for name in GOOD}

    def start(self) -> str:
        return told(self._render())

    def start_with_a_key(self) -> str:
        return told(self._render(key=str(uuid.uuid4())))

    def start_again_with_the_key_of_one_that_failed(self) -> str:
        key = str(uuid.uuid4())
        with self._answering(start={"type": "error", "message": "Out of order.", "stack": ""}):
            self._render(key=key)
        return told(self._render(key=key))

    def start_with_large_props(self) -> str:
        return told(self._render(inputProps={"text": LARGE}))

    def still(self) -> str:
        return told(self._request("POST", "/still", {}))

    def compositions(self) -> str:
        return told(self._request("GET", "/compositions"))

    def health(self) -> str:
        return told(self._request("GET", "/health"))

    def list(self) -> str:
        return told(self._request("GET", "/render"))

    def status(self) -> str:
        return told(self._request("GET", f"/render/{self.finished}"))

    def status_of_one_without_a_state(self) -> str:
        return told(self._request("GET", f"/render/{self.waiting}"))

    def download(self) -> str:
        """By a link that was given out before: S3 asks whether its signer may read now."""
        with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(self.output_url, timeout=30) as output:
            return str(output.status)
        return "403"

    def cancel(self) -> str:
        return told(self._request("POST", f"/render/{self.waiting}/cancel"))

    def delete(self) -> str:
        return told(self._request("DELETE", f"/render/{self.doomed}"))

    def log(self) -> str:
        """AWS Lambda does it under the function's role. The local AWS writes logs without asking, and asks about a group
        where AWS asks about a stream."""
        stream = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{self.log_group}:log-stream:any"
        return self.role.simulate(["logs:CreateLogStream", "logs:PutLogEvents"], stream)

    def trace(self) -> str:
        """The local AWS has no X-Ray."""
        return self.role.simulate(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")

    def _request(self, method: str, path: str, body=None, **headers: str) -> Answer:
        return self.api.request(method, path, self.user.token, body, headers)

    def _render(self, key: str | None = None, **options) -> Answer:
        return self._request("POST", "/render", options, **({"Idempotency-Key": key} if key else {}))

    def _started(self) -> str:
        answer = self._render()
        assert answer.status == 200, answer.text
        return answer.json["renderId"]

    @contextlib.contextmanager
    def _answering(self, **answers: dict):
        self.stand_in.answers |= answers
        try:
            yield
        finally:
            for routine in answers:
                del self.stand_in.answers[routine]


def told(answer: Answer) -> str:
    code = answer.json["code"] if answer.status >= 400 else ""
    return f"{answer.status} {code}".strip()
