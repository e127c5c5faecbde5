"""NotifyUrl: EventBridge posts each end to a backend, here to the receiver of docs/events.md.

The local CloudFormation knows neither connections nor API destinations, so both are made by EventBridge's own API, of what the
template says of them. Retries and dead letters the local EventBridge has none of: tests/template holds the template to them.
"""

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import renders
import stacks
from deployed import Deployed
from local_aws.ports import free_port
from local_aws.settings import ACCOUNT, PROJECT
from patience import until
from stand_in import StandIn, post
from told import Told

# What the template's secret is made of.
KEY = "k3y" * 20
ANY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/notify"


@pytest.fixture(scope="module")
def told(light: Deployed) -> Told:
    return Told(light)


def notify(api: Deployed, name: str, url: str) -> None:
    """What the template makes where NotifyUrl is this URL."""
    resources = stacks.template_of(api)["Resources"]
    connection, destination, rule = (
        resources[f"Notify{part}"]["Properties"] for part in ("Connection", "Destination", "Rule")
    )
    events, bus = api.aws("events"), api.resource("EventBus")
    api_key = connection["AuthParameters"]["ApiKeyAuthParameters"] | {"ApiKeyValue": KEY}
    made = events.create_connection(
        Name=name,
        AuthorizationType=connection["AuthorizationType"],
        AuthParameters={"ApiKeyAuthParameters": api_key},
    )
    made = events.create_api_destination(
        Name=name,
        ConnectionArn=made["ConnectionArn"],
        HttpMethod=destination["HttpMethod"],
        InvocationEndpoint=url,
    )
    (target,) = rule["Targets"]
    events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(rule["EventPattern"]))
    target = {
        "Id": target["Id"],
        "Arn": made["ApiDestinationArn"],
        "RoleArn": ANY_ROLE,
        "RetryPolicy": target["RetryPolicy"],
    }
    assert events.put_targets(Rule=name, EventBusName=bus, Targets=[target])["FailedEntryCount"] == 0


Posted = tuple[str, dict[str, str], dict]


@pytest.fixture(scope="module")
def backend(light: Deployed) -> Iterator[list[Posted]]:
    """A real HTTP server, and what it was posted: path, headers, body."""
    posted = []

    class Backend(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            posted.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Backend) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        notify(light, "backend", f"http://127.0.0.1:{server.server_port}/renders/ended")
        yield posted
        server.shutdown()


def of(backend: list[Posted], render_id: str) -> list[Posted]:
    return [posted for posted in backend if posted[2]["detail"]["renderId"] == render_id]


def finished(api: Deployed, stand_in: StandIn) -> tuple[str, str]:
    user = api.sign_up()
    render_id = renders.start(api, user)
    stand_in.finish(render_id)
    return user.sub, render_id


def test_each_end_is_posted_once(light: Deployed, stand_in: StandIn, told: Told, backend):
    user, render_id = finished(light, stand_in)
    assert [stand_in.tell(render_id) for _ in range(3)] == [204] * 3
    until(lambda: of(backend, render_id))
    time.sleep(0.5)
    [(path, headers, event)] = of(backend, render_id)
    assert (path, headers["x-api-key"]) == ("/renders/ended", KEY)
    assert headers["content-type"].startswith("application/json")
    # What a rule of the operator's own hears.
    assert event == told.wait_for(render_id)
    assert (event["detail"]["owner"], event["detail"]["status"]) == (user, "done")


def test_nothing_else_on_the_bus_is_posted(light: Deployed, stand_in: StandIn, backend):
    entry = {"EventBusName": light.resource("EventBus"), "Detail": '{"renderId": "another"}'}
    others = [("another", "Render State Change"), ("remotion-render-api", "Another")]
    light.aws("events").put_events(
        Entries=[entry | {"Source": source, "DetailType": detail_type} for source, detail_type in others]
    )
    _, render_id = finished(light, stand_in)
    stand_in.tell(render_id)
    until(lambda: of(backend, render_id))
    assert of(backend, "another") == []


@pytest.fixture
def receiver(light: Deployed, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The documented one, and what it says."""
    [program] = re.findall(r"```js\n(.*?)```", (PROJECT / "docs" / "events.md").read_text(), re.DOTALL)
    (tmp_path / "receiver.mjs").write_text(program)
    port = free_port()
    said = tmp_path / "said"
    command, environment = [shutil.which("node"), "receiver.mjs"], {"NOTIFY_KEY": KEY, "PORT": str(port)}
    with said.open("w") as output:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=output, stderr=output)
    url = f"http://127.0.0.1:{port}/"
    try:
        until(lambda: listens(port))
        yield url, said
    finally:
        process.terminate()
        process.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_documented_receiver(light: Deployed, stand_in: StandIn, receiver):
    url, said = receiver
    notify(light, "receiver", url)
    user, render_id = finished(light, stand_in)
    stand_in.tell(render_id)
    line = f"{render_id}-done {user}\n"
    until(lambda: line in said.read_text())

    body = json.dumps({"detail": {"eventId": f"{render_id}-done", "userId": user}}).encode()
    forged = json.dumps({"detail": {"eventId": "forged", "userId": user}}).encode()
    for headers in ({}, {"X-Api-Key": ""}, {"X-Api-Key": KEY[:-1]}, {"X-Api-Key": KEY + "x"}):
        assert post(url, forged, headers) == 401
    # It is taken, and ignored.
    assert post(url, body, {"X-Api-Key": KEY}) == 204
    assert said.read_text() == line
