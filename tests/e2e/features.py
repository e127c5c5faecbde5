"""What a deployment does for a signed-in user, and what came of it: `200`, or `503 storage_denied`."""

import contextlib
import re
import urllib.error
import urllib.request
import uuid

from chosen import KMS_KEY, OUTPUT_BUCKET
from deployed import Answer, Deployed
from local_aws.settings import ACCOUNT, REGION, VERSION
from role import Role
from stand_in import StandIn

# Over what fits into an invocation of the render function.
LARGE = "x" * 200_000

GOOD = {
    "start": "200",
    "start with a key": "200",
    "start again with the key of one that failed": "200",
    "start with large props": "200",
    "start after one that never ran": "200",
    "still": "200",
    "compositions": "200",
    "health": "200",
    "list": "200",
    "usage": "200",
    "status": "200",
    "status of a still": "200",
    "status of one without a state": "200",
    "download": "200",
    "cancel": "202",
    "delete": "204",
    "delete a still": "204",
    "find an output": "allowed",
    "use the bucket's key": "allowed",
    "log": "allowed",
    "trace": "allowed",
}

# What IAM says of what no policy allows.
NO = "implicitDeny"


class Features:
    """A user of the API, whose renders and stills have been started while all was well."""

    def __init__(self, api: Deployed, role: Role, stand_in: StandIn):
        self.api = api
        self.role = role
        self.stand_in = stand_in
        self.user = api.sign_up()
        self.log_group = api.resource("LogGroup")

    def prepare(self) -> None:
        self.waiting, self.finished, self.doomed = (self._started("/render") for _ in range(3))
        self.doomed_still, self.kept_still = (self._started("/still") for _ in range(2))
        for render_id in (self.finished, self.doomed):
            self.stand_in.finish(render_id)
        self.output_url = self._request("GET", f"/render/{self.finished}").json["outputUrl"]

    def outcomes(self) -> dict[str, str]:
        return {name: getattr(self, name.replace(" ", "_").replace("'", ""))() for name in GOOD}

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

    def start_after_one_that_never_ran(self) -> str:
        """Of the user's quota two are spent."""
        mismatch = f"Version mismatch: the function has the version {VERSION}, but you have another version."
        # Nothing is told of the quota where the table takes its time, either.
        for _ in range(3):
            before = self._render()
            with self._answering(start={"type": "error", "message": mismatch, "stack": ""}):
                self._render()
            after = self._render()
            left = [answer.headers["RateLimit"] for answer in (before, after)]
            if after.status != 200:
                return told(after)
            if None not in left:
                break
        else:
            return "200, and nothing is told of the quota"
        first, second = (int(re.search(r";r=(\d+)", text)[1]) for text in left)
        return "200" if first - second == 1 else "200, and the one that never ran is counted"

    def still(self) -> str:
        return told(self._request("POST", "/still", {}))

    def compositions(self) -> str:
        return told(self._request("GET", "/compositions"))

    def health(self) -> str:
        return told(self._request("GET", "/health"))

    def list(self) -> str:
        return told(self._request("GET", "/render"))

    def usage(self) -> str:
        return told(self._request("GET", "/usage"))

    def status(self) -> str:
        return told(self._request("GET", f"/render/{self.finished}"))

    def status_of_a_still(self) -> str:
        return told(self._request("GET", f"/render/{self.kept_still}"))

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

    def delete_a_still(self) -> str:
        return told(self._request("DELETE", f"/render/{self.doomed_still}"))

    def find_an_output(self) -> str:
        return self.role.simulate(["s3:ListBucket"], f"arn:aws:s3:::{OUTPUT_BUCKET}")

    def use_the_buckets_key(self) -> str:
        """The local AWS encrypts nothing."""
        return self.role.simulate(["kms:Decrypt", "kms:GenerateDataKey"], KMS_KEY)

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

    def _started(self, path: str) -> str:
        answer = self._request("POST", path, {})
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
