"""An OpenID Connect provider that is not Cognito, on this machine."""

import base64
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from local_aws.settings import DEV

AUDIENCE = "https://render.example"


class Oidc:
    def __enter__(self) -> "Oidc":
        self._process = subprocess.Popen(
            ["node", "server.mjs"], cwd=DEV / "oidc", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        lines = iter(self._process.stdout.readline, "")
        self.issuer = next(line.strip() for line in lines if line.startswith("http://"))
        return self

    def __exit__(self, *_) -> None:
        self._process.terminate()
        self._process.wait()

    def token(self, **claims) -> str:
        """A token of this issuer with such claims; `None` leaves one out."""
        with urllib.request.urlopen(f"{self.issuer}/sign", json.dumps(claims).encode(), timeout=30) as answer:
            return answer.read().decode()

    def machine(self, client: str, scope: str) -> str:
        """What a client is given for its credentials."""
        return client_credentials(f"{self.issuer}/token", client, f"{client}-secret", scope)


def client_credentials(token_url: str, client: str, secret: str, scope: str) -> str:
    """https://datatracker.ietf.org/doc/html/rfc6749#section-4.4"""
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": scope}).encode()
    basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
    request = urllib.request.Request(token_url, form, {"Authorization": f"Basic {basic}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["access_token"]
