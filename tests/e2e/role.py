"""A role that a stack's function runs under: what it is granted, as deployed, less of it, and its own credentials."""

import contextlib
import copy
import functools
import io
import json
import zipfile
from collections.abc import Iterator

import boto3
from deployed import Deployed
from local_aws.settings import REGION

PROBE = """
import os

def handler(event, context):
    return [os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")]
"""

Permission = tuple[str, str]


class Role:
    def __init__(self, api: Deployed, role: str = "Role"):
        """By its name in the template."""
        self.api = api
        self.name = api.resource(role)
        self._iam = api.aws("iam")
        self.arn = self._iam.get_role(RoleName=self.name)["Role"]["Arn"]
        (self._policy,) = self._iam.list_role_policies(RoleName=self.name)["PolicyNames"]
        self._document = self._iam.get_role_policy(RoleName=self.name, PolicyName=self._policy)["PolicyDocument"]
        self._clients: dict[str, object] = {}

    def permissions(self) -> list[Permission]:
        """Each action of each statement."""
        return [
            (statement["Sid"], action) for statement in self._document["Statement"] for action in _actions(statement)
        ]

    @contextlib.contextmanager
    def without(self, permission: Permission) -> Iterator[None]:
        sid, action = permission
        less = copy.deepcopy(self._document)
        for statement in less["Statement"]:
            if statement["Sid"] == sid:
                statement["Action"] = [kept for kept in _actions(statement) if kept != action]
        less["Statement"] = [statement for statement in less["Statement"] if statement["Action"]]
        assert less != self._document, permission
        self._put(self._policy, less)
        try:
            yield
        finally:
            self._put(self._policy, self._document)

    @contextlib.contextmanager
    def unlimited(self) -> Iterator[None]:
        everything = {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}
        self._put("everything", {"Version": "2012-10-17", "Statement": [everything]})
        try:
            yield
        finally:
            self._iam.delete_role_policy(RoleName=self.name, PolicyName="everything")

    def client(self, service: str):
        """AWS as a function of this role sees it."""
        if service not in self._clients:
            key, secret, token = self._credentials
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.api.settings.endpoint,
                region_name=REGION,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                aws_session_token=token,
            )
        return self._clients[service]

    def simulate(self, actions: list[str], resource: str) -> str:
        """What IAM decides of these by the policies as they are, without a call; the worst of it."""
        simulated = self._iam.simulate_principal_policy(
            PolicySourceArn=self.arn, ActionNames=actions, ResourceArns=[resource]
        )
        return max(result["EvalDecision"] for result in simulated["EvaluationResults"])

    def _put(self, name: str, document: dict) -> None:
        self._iam.put_role_policy(RoleName=self.name, PolicyName=name, PolicyDocument=json.dumps(document))

    @functools.cached_property
    def _credentials(self) -> list[str]:
        """The credentials that a function of this role is given."""
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("probe.py", PROBE)
        aws = self.api.aws("lambda")
        name = f"{self.api.stack}-probe"
        aws.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="probe.handler",
            Role=self.arn,
            Code={"ZipFile": code.getvalue()},
        )
        try:
            return json.load(aws.invoke(FunctionName=name)["Payload"])
        finally:
            aws.delete_function(FunctionName=name)


def _actions(statement: dict) -> list[str]:
    action = statement["Action"]
    return action if isinstance(action, list) else [action]
