"""A user's requests, as API Gateway hands them over."""

import copy
import json
import uuid
from dataclasses import dataclass, field

from local_aws.settings import PROJECT

EVENT = json.loads((PROJECT / "events" / "render.json").read_text())
ISSUER = EVENT["requestContext"]["authorizer"]["jwt"]["claims"]["iss"]

RENDER_ID = "{id}"
SMALL = {"inputProps": {"title": "Hello"}}
# More than travels in a payload.
LARGE = {"inputProps": {"title": "x" * 300_000}}


@dataclass
class Request:
    """A user's request, which can be sent again."""

    route: str
    body: dict | None = None
    keyed: bool = False
    user: str = field(default_factory=lambda: str(uuid.uuid4()))
    # Every scenario has its own user, so that its render's id need be no one's either.
    render_id: str = field(default_factory=lambda: uuid.uuid4().hex[:10])
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    query: str = ""

    @property
    def text(self) -> str | None:
        return None if self.body is None else json.dumps(self.body)

    def event(self) -> dict:
        method, path = self.route.replace(RENDER_ID, self.render_id).split(" ")
        event = copy.deepcopy(EVENT)
        event["rawPath"] = path
        event["rawQueryString"] = self.query
        event["requestContext"]["http"] |= {"method": method, "path": path}
        event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = self.user
        event["body"] = self.text
        if self.keyed:
            event["headers"]["idempotency-key"] = self.key
        return event
