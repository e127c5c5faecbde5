"""`cargo lambda watch` in one terminal and `cargo lambda invoke` in another, against the local AWS."""

import json
import os
import signal
import socket
import subprocess
import time

import pytest
from local_aws.ports import free_port
from local_aws.settings import FUNCTION, PROJECT, Settings, aws_environment


@pytest.fixture
def watch_port(local_aws: Settings, tmp_path):
    port = free_port()
    # Where the code does not build, `cargo lambda invoke` would wait without an end.
    subprocess.run(["cargo", "build", "--locked", "--quiet"], cwd=PROJECT, check=True)
    environment = aws_environment(local_aws.endpoint) | {
        "REMOTION_FUNCTION_NAME": FUNCTION,
        "REMOTION_SERVE_URL": local_aws.serve_url,
    }
    address = ["--invoke-address", "127.0.0.1", "--invoke-port", str(port)]
    command = ["cargo", "lambda", "watch", "--ignore-changes", *address]
    log = tmp_path / "watch.log"
    with log.open("w") as output:
        watch = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_for(port, watch, log)
        yield port
    finally:
        # Shown by pytest where the test fails.
        print(log.read_text())
        # As Ctrl-C in its terminal does: with SIGTERM it takes twenty seconds.
        os.killpg(watch.pid, signal.SIGINT)
        try:
            watch.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(watch.pid, signal.SIGKILL)
            watch.wait()


def wait_for(port: int, watch: subprocess.Popen, log) -> None:
    for _ in range(1800):
        assert watch.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"cargo lambda watch does not listen: {log.read_text()}")


def test_an_event_file_starts_a_render(watch_port: int):
    address = ["--invoke-address", "127.0.0.1", "--invoke-port", str(watch_port)]
    command = ["cargo", "lambda", "invoke", *address, "--data-file", "events/render.json"]
    # Cargo may wait for other builds in this folder.
    invoked = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True, timeout=900)
    response = json.loads(invoked.stdout)
    assert response["statusCode"] == 200, response
    body = json.loads(response["body"])
    assert body["message"] == "SUCCESS"
    assert body["renderId"]
