"""A deployed stack as its callers meet it: users sign in, requests go over HTTP, renders show in the bucket."""

import functools
import http.client
import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from botocore.exceptions import ClientError
from local_aws.remotion import client
from local_aws.settings import BUCKET, Settings

PASSWORD = "compLicat3d123"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def json(self) -> dict:
        return json.loads(self.text)


@dataclass(frozen=True)
class User:
    email: str
    sub: str
    token: str


class Deployed:
    def __init__(self, settings: Settings, stack: str, outputs: dict[str, str]):
        self.settings = settings
        self.stack = stack
        self.host = urlsplit(outputs["apiUrl"]).netloc
        self.outputs = outputs
        # Where the users are those of another issuer, there is neither.
        self.pool_id = outputs.get("userPoolId")
        self.client_id = outputs.get("userPoolClientId")
        self.cognito = self.aws("cognito-idp")

    def aws(self, service: str):
        return _client(service, self.settings.endpoint)

    def request(
        self, method: str, path: str, token: str | None = None, body=None, headers: dict | None = None
    ) -> Answer:
        """Connects by IP: not every machine resolves names under localhost."""
        sent = {"Host": self.host} | (headers or {})
        if path == "/health":
            # The local AWS has one of its own under every name: this is the same route by its other address.
            path = f"/_aws/execute-api/{self.host.split('.')[0]}/$default{path}"
            sent["Host"] = f"127.0.0.1:{self.settings.port}"
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, str) else json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    def render(self, token: str | None, body=None, **headers: str) -> Answer:
        return self.request("POST", "/render", token, body, headers)

    def sign_up(self, group: str | None = None) -> User:
        """The documented three steps, for a user of its own."""
        email = f"{uuid.uuid4().hex[:8]}@test.com"
        sub = self.cognito.sign_up(ClientId=self.client_id, Username=email, Password=PASSWORD)["UserSub"]
        self.cognito.admin_confirm_sign_up(UserPoolId=self.pool_id, Username=email)
        if group:
            self.cognito.create_group(UserPoolId=self.pool_id, GroupName=group)
            self.cognito.admin_add_user_to_group(UserPoolId=self.pool_id, Username=email, GroupName=group)
        return User(email, sub, self.sign_in(email)["IdToken"])

    def sign_in(self, email: str, client_id: str | None = None) -> dict[str, str]:
        """The tokens that Cognito gives: IdToken, AccessToken, RefreshToken."""
        signed_in = self.cognito.initiate_auth(
            ClientId=client_id or self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
        )
        return signed_in["AuthenticationResult"]

    def function_name(self) -> str:
        return self.resource("RenderApi")

    def resource(self, logical_id: str) -> str:
        """The name that a resource of the template has been given."""
        return next(r["PhysicalResourceId"] for r in self._resources if r["LogicalResourceId"] == logical_id)

    @functools.cached_property
    def _resources(self) -> list[dict]:
        return self.aws("cloudformation").describe_stack_resources(StackName=self.stack)["StackResources"]

    def key_of(self, user: User, render_id: str, kind: str = "render") -> dict:
        """The key of what the table has of a render."""
        claims = jwt.decode(user.token, options={"verify_signature": False})
        return {"pk": {"S": f"owner#{claims['iss']}#{user.sub}"}, "sk": {"S": f"{kind}#{render_id}"}}

    def grow_older(self, user: User, render_id: str, seconds: int) -> None:
        """Has the table say that a render was started so much earlier."""
        self.aws("dynamodb").update_item(
            TableName=self.resource("Renders"),
            Key=self.key_of(user, render_id),
            UpdateExpression="SET startedAt = startedAt - :span",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":span": {"N": str(seconds * 1000)}},
        )

    def due_at(self, user: User, render_id: str, kind: str = "render") -> float | None:
        """When the sweep looks at a render, or at the `event` of one, in seconds since 1970; `None` where it does not."""
        key = self.key_of(user, render_id, kind)
        item = self.aws("dynamodb").get_item(TableName=self.resource("Renders"), Key=key, ConsistentRead=True)
        due_at = item.get("Item", {}).get("dueAt")
        return due_at and int(due_at["S"]) / 1000

    def make_due(self, user: User, render_id: str, kind: str = "render") -> None:
        """Has the table say that the sweep's time for it has come."""
        self.aws("dynamodb").update_item(
            TableName=self.resource("Renders"),
            Key=self.key_of(user, render_id, kind),
            UpdateExpression="SET dueAt = :long_ago",
            ConditionExpression="attribute_exists(due)",
            ExpressionAttributeValues={":long_ago": {"S": "0" * 15}},
        )

    def tick(self, *, enabled: bool) -> None:
        """Whether the sweep comes each minute of itself: to a test that makes it come, it would come in between."""
        scheduler, fields = self.aws("scheduler"), ("ScheduleExpression", "FlexibleTimeWindow", "Target")
        schedule = scheduler.get_schedule(Name=self.resource("Sweep"))
        kept = {field: schedule[field] for field in fields}
        scheduler.update_schedule(Name=schedule["Name"], State="ENABLED" if enabled else "DISABLED", **kept)

    def sweep(self) -> None:
        """The tick of each minute, at once."""
        function = self.resource("Ends")
        answer = self.aws("lambda").invoke(FunctionName=function, Payload=json.dumps({"sweep": True}))
        assert "FunctionError" not in answer, answer["Payload"].read()

    def progress(self, render_id: str, seconds: float = 180) -> dict:
        """Remotion's own record of a render, once that has ended well or badly."""
        s3 = self.aws("s3")
        deadline = time.monotonic() + seconds
        progress = None
        while time.monotonic() < deadline:
            try:
                progress = json.load(s3.get_object(Bucket=BUCKET, Key=f"renders/{render_id}/progress.json")["Body"])
            except ClientError as error:
                if error.response["Error"]["Code"] != "NoSuchKey":
                    raise
            if progress and (progress["postRenderData"] or any(e["isFatal"] for e in progress["errors"])):
                return progress
            time.sleep(0.5)
        raise TimeoutError(f"the render did not end within {seconds} s: {progress}")

    def download(self, key: str, path: Path) -> Path:
        self.aws("s3").download_file(BUCKET, key, str(path))
        return path


@functools.cache
def _client(service: str, endpoint: str):
    """One for all that ask: making it takes longer than most calls."""
    return client(service, endpoint)


def assert_problem(answer: Answer, status: int, code: str) -> dict:
    """The answer is a problem document; answers it."""
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["message"] == problem["detail"]
    return problem
