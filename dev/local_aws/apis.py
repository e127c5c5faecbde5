"""What the gateway has to know of a deployed API: its id, its CORS configuration, and which routes need no token."""

import json
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from .remotion import client
from .settings import REGION, Settings


@dataclass(frozen=True)
class Api:
    id: str
    # By the names of API Gateway's own API: allowOrigins, allowMethods and so on.
    cors: dict
    # Route keys without an authorizer, such as "OPTIONS /{proxy+}", and the function behind each.
    open_routes: dict[str, str]


class Apis:
    def __init__(self, settings: Settings):
        self._endpoint = settings.endpoint
        self._cloudformation = client("cloudformation", settings.endpoint)
        self._gateway = client("apigatewayv2", settings.endpoint)

    def of_stack(self, stack: str) -> Api | None:
        """`None` where no such stack is deployed."""
        try:
            [described] = self._cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
        if "apiUrl" not in outputs:
            return None
        api_id = urlsplit(outputs["apiUrl"]).netloc.split(".")[0]
        return Api(api_id, self._cors(api_id), self._open_routes(api_id))

    def _cors(self, api_id: str) -> dict:
        """Without the SDK: MiniStack answers `AllowOrigins`, as the template has it, and the SDK knows `allowOrigins` only."""
        request = AWSRequest("GET", f"{self._endpoint}/v2/apis/{api_id}")
        SigV4Auth(Credentials("test", "test"), "apigateway", REGION).add_auth(request)
        signed = urllib.request.Request(request.url, headers=dict(request.headers))
        with urllib.request.urlopen(signed, timeout=60) as answer:
            configuration = json.load(answer).get("corsConfiguration") or {}
        return {name[0].lower() + name[1:]: value for name, value in configuration.items()}

    def _open_routes(self, api_id: str) -> dict[str, str]:
        integrations = self._gateway.get_integrations(ApiId=api_id)["Items"]
        functions = {item["IntegrationId"]: item["IntegrationUri"] for item in integrations}
        return {
            route["RouteKey"]: functions[route["Target"].removeprefix("integrations/")]
            for route in self._gateway.get_routes(ApiId=api_id)["Items"]
            if route.get("AuthorizationType", "NONE") == "NONE"
        }
