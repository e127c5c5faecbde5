"""Bearer tokens of every kind, good and bad, for one deployment."""

import time
from functools import cached_property

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from deployed import Deployed


class Tokens:
    """All but those of another pool name the same user."""

    def __init__(self, api: Deployed, elsewhere: Deployed):
        self.api = api
        self.user = api.sign_up()
        self.own = api.sign_in(self.user.email)
        stranger = elsewhere.sign_up()
        self.of_another_pool = elsewhere.sign_in(stranger.email)

    @cached_property
    def of_another_client(self) -> dict[str, str]:
        """A second app of the same user pool, in which the user signs in."""
        created = self.api.cognito.create_user_pool_client(
            UserPoolId=self.api.pool_id, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )
        return self.api.sign_in(self.user.email, created["UserPoolClient"]["ClientId"])

    def signed(self, **changed) -> str:
        """The user's id token with other claims, signed by the pool's own key, which Cognito would not do."""
        pem = self.api.settings.ministack_state / "cognito-pool-keys" / f"{self.api.pool_id}-id.pem"
        return self._encode(load_pem_private_key(pem.read_bytes(), password=None), "RS256", **changed)

    def expired(self) -> str:
        return self.signed(exp=int(time.time()) - 1)

    def not_yet_valid(self) -> str:
        return self.signed(nbf=int(time.time()) + 3600)

    def of_another_issuer(self) -> str:
        return self.signed(iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_another")

    def signed_by_a_stranger(self) -> str:
        return self._encode(rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256")

    def signed_by_a_password(self) -> str:
        return self._encode("a password of thirty-two letters", "HS256")

    def unsigned(self) -> str:
        return self._encode(None, "none")

    def with_a_broken_signature(self) -> str:
        header, claims, signature = self.own["IdToken"].split(".")
        flipped = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
        return f"{header}.{claims}.{flipped}"

    def _encode(self, key, algorithm: str, **changed) -> str:
        header = jwt.get_unverified_header(self.own["IdToken"])
        claims = jwt.decode(self.own["IdToken"], options={"verify_signature": False}) | changed
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": header["kid"]})
