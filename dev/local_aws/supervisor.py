"""The one process that holds a local AWS: it starts the parts, and takes them with it when it ends."""

import fcntl
import json
import os
import shutil
import signal
import sys
import threading

from . import remotion
from .children import Child
from .settings import BUCKET, DEV, FUNCTION, REGION, Settings, aws_environment, chrome

# Wherever the supervisor has been started.
OWN_MODULES = {"PYTHONPATH": str(DEV)}


def serve(settings: Settings) -> None:
    """Runs until a signal, or until standard input closes without having said "stay"."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_watch_starter, args=(stop,), daemon=True).start()

    settings.state.mkdir(parents=True, exist_ok=True)
    with settings.lock_file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.truncate(0)
        print(os.getpid(), file=lock, flush=True)
        settings.endpoints_file.unlink(missing_ok=True)
        children: list[Child] = []
        try:
            for step in (start_ministack, _start_host, _start_gateway, _deploy_remotion):
                if stop.is_set():
                    return
                step(settings, children)
            settings.endpoints_file.write_text(json.dumps(_endpoints(settings), indent=2) + "\n")
            while not stop.wait(1):
                for child in children:
                    if child.process.poll() is not None:
                        raise RuntimeError(f"{child.name} ended by itself:\n{child.tail()}")
        finally:
            settings.endpoints_file.unlink(missing_ok=True)
            for child in reversed(children):
                child.stop()
            shutil.rmtree(settings.state / "tmp", ignore_errors=True)


def running(settings: Settings) -> int | None:
    """The process id of the folder's supervisor. Its lock ends with its process, so the id is never another's."""
    try:
        with settings.lock_file.open("r") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(lock.read())
    except FileNotFoundError:
        pass
    return None


def _watch_starter(stop: threading.Event) -> None:
    if sys.stdin.readline() != "stay\n":
        stop.set()


def start_ministack(settings: Settings, children: list[Child]) -> None:
    temporary = settings.state / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    environment = aws_environment(settings.endpoint) | {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(settings.port),
        "STATE_DIR": str(settings.ministack_state),
        # It would listen on every interface.
        "IOT_MTLS_ENABLED": "0",
        # It reads the keys of a pool from itself.
        "MINISTACK_APIGW_JWKS_TIMEOUT_SECONDS": "60",
        "TMPDIR": str(temporary),
    }
    children.append(
        Child("MiniStack", _module("ministack_server"), environment | OWN_MODULES, settings.state / "ministack.log")
    )
    children[-1].wait_until_answers(settings.health)


def _start_host(settings: Settings, children: list[Child]) -> None:
    environment = aws_environment(settings.endpoint) | {
        # The render function invokes itself: straight at the host, which streams and MiniStack's forwarding does not.
        "AWS_ENDPOINT_URL_LAMBDA": settings.host,
        "CHROME_PATH": chrome(),
        "HOST_PORT": str(settings.host_port),
        "HOST_CONCURRENCY": str(settings.concurrency),
        "HOST_STATE": str(settings.state / "host"),
    }
    children.append(
        Child(
            "The render function's host",
            ["node", str(DEV / "host" / "main.mjs")],
            environment,
            settings.state / "host.log",
        )
    )
    children[-1].wait_until_answers(f"{settings.host}/health")


def _start_gateway(settings: Settings, children: list[Child]) -> None:
    environment = aws_environment(settings.endpoint) | settings.environment() | OWN_MODULES
    children.append(Child("The gateway", _module("gateway"), environment, settings.state / "gateway.log"))
    children[-1].wait_until_listens(settings.gateway_port)


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", f"local_aws.{name}"]


def _deploy_remotion(settings: Settings, _children: list[Child]) -> None:
    remotion.bundle_site()
    remotion.create_bucket(settings)
    remotion.upload_site(settings)
    remotion.create_function(settings)


def _endpoints(settings: Settings) -> dict[str, object]:
    return {
        "endpoint": settings.endpoint,
        "host": settings.host,
        "gateway": settings.gateway,
        "region": REGION,
        "bucketName": BUCKET,
        "functionName": FUNCTION,
        "serveUrl": settings.serve_url,
    }
