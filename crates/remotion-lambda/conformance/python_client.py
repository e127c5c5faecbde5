"""Remotion's official client for Python as a service for the tests, next to live.mjs: one JSON request a line on standard input,
one answer a line on standard output, in the same order. It ends when standard input is closed.

  {"id":1,"routine":"start","options":{…}} -> {"id":1,"payload":{…}}: what the client would send, to the letter
                                           or {"id":1,"error":"…"}: the client refuses it
                                           or {"id":1,"unsupported":["option",…]}: the client has no parameter for these

Options have the names of renderMediaOnLambda() (`start`) and renderStillOnLambda() (`still`). One that is null is left out, since
the JavaScript client treats both alike and this one does not. A request that is no request is answered with
{"id":…,"failure":"…"}.

Run it with `.tools/oracle/bin/python`. Nothing here is on the network: large props are uploaded nowhere.

differences.json lists where its payloads are not those of the JavaScript client, by routine and key. Each side is "absent", "any"
(there, whatever it is), "json" (texts of the same JSON), or {"value":…}. What is below such a key is not looked at any more.
"""

import dataclasses
import json
import re
import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import remotion_lambda as remotion
from remotion_lambda.exception import RemotionException

# Where the client would put large props, whatever bucket it is given. Named as in client.mjs.
BUCKET = "remotionlambda-useast1-abcdefghij"


class Unsupported(Exception):
    """An option, or a part of one, that the client has no parameter for."""


class Client(remotion.RemotionClient):
    """The client without AWS."""

    def _create_boto_client(self, service_name: str):
        raise RuntimeError(f"The client wants to call {service_name}, and there is no network.")

    def _get_or_create_bucket(self) -> str:
        return BUCKET

    def _upload_to_s3(self, bucket_name: str, key: str, payload: str) -> None:
        pass


class Session:
    """Stands for a session of boto3, of which the client must have one."""


Convert = Callable[[str, Any], Any]


def as_it_is(_: str, value: Any) -> Any:
    return value


def one_of(values: type[Enum]) -> Convert:
    """A member, or the text itself where there is none: the client checks nothing."""
    return lambda _, value: next((member for member in values if member.value == value), value)


def instance_of(kind: type, **fields: tuple[str, Convert]) -> Convert:
    """An object of the client's, from one whose keys are the JavaScript client's."""

    def convert(option: str, value: Any) -> Any:
        if not isinstance(value, dict):
            raise Unsupported(option)
        if unknown := [f"{option}.{name}" for name in value if name not in fields]:
            raise Unsupported(*unknown)
        given = {fields[name][0]: fields[name][1](f"{option}.{name}", inner) for name, inner in value.items()}
        return kind(**given)

    return convert


def text_or(convert: Convert) -> Convert:
    return lambda option, value: value if isinstance(value, str) or value is None else convert(option, value)


def download_behavior(option: str, value: Any) -> Any:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "play-in-browser":
        return instance_of(remotion.PlayInBrowser, type=("type", as_it_is))(option, value)
    if kind == "download":
        fields = {name: (name, as_it_is) for name in ("type", "fileName")}
        return instance_of(remotion.ShouldDownload, **fields)(option, value)
    raise Unsupported(option)


provider = instance_of(
    remotion.CustomCredentials,
    endpoint=("endpoint", as_it_is),
    accessKeyId=("access_key_id", as_it_is),
    secretAccessKey=("secret_access_key", as_it_is),
    region=("region", as_it_is),
)

place = text_or(
    instance_of(
        remotion.OutNameInputObject,
        bucketName=("bucketName", as_it_is),
        key=("key", as_it_is),
        s3OutputProvider=("s3_output_provider", text_or(provider)),
    )
)

chromium_options = instance_of(
    remotion.ChromiumOptions,
    disableWebSecurity=("disable_web_security", as_it_is),
    enableMultiProcessOnLinux=("enable_multi_process_on_linux", as_it_is),
    gl=("gl", one_of(remotion.OpenGlRenderer)),
    headless=("headless", as_it_is),
    ignoreCertificateErrors=("ignore_certificate_errors", as_it_is),
    userAgent=("user_agent", as_it_is),
)

webhook = instance_of(
    remotion.Webhook, customData=("customData", as_it_is), secret=("secret", as_it_is), url=("url", as_it_is)
)

# How the value of an option becomes its parameter's, where it is not taken as it is.
CONVERTED = {
    "chromiumOptions": chromium_options,
    "deleteAfter": one_of(remotion.DeleteAfter),
    "downloadBehavior": download_behavior,
    "imageFormat": one_of(remotion.ValidStillImageFormats),
    "logLevel": one_of(remotion.LogLevel),
    "outName": place,
    "privacy": one_of(remotion.Privacy),
    "separateAudioTo": place,
    "webhook": webhook,
}

# The parameter of an option, where it is not the option's name in snake case.
NAMED = {
    "start": {
        "forceBucketName": "bucket_name",
        "offthreadVideoCacheSizeInBytes": "offthreadvideo_cache_size_in_bytes",
        "offthreadVideoThreads": "offthreadvideo_threads",
    },
    "still": {
        "offthreadVideoCacheSizeInBytes": "offthreadvideo_cache_size_in_bytes",
        "offthreadVideoThreads": "offthreadvideo_threads",
    },
}

ROUTINES = {
    "start": (remotion.RenderMediaParams, "video-or-audio"),
    "still": (remotion.RenderStillParams, "still"),
}

# What the client itself is made with.
CLIENT = {"functionName": "function_name", "region": "region", "serveUrl": "serve_url"}

# Parameters that are no option of the JavaScript client's: the last two are what it says by itself.
NO_OPTION = {"private_serialized_input_props", "region", "serve_url", "version", "attempt", "streamed"}


def parameter_of(routine: str, option: str) -> str:
    return NAMED[routine].get(option, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", option).lower())


def payload(routine: str, options: dict[str, Any]) -> str:
    """The text that the client would send."""
    parameters, kind = ROUTINES[routine]
    taken = {field.name for field in dataclasses.fields(parameters)} - NO_OPTION
    given = {name: value for name, value in options.items() if value is not None}
    unsupported = []
    converted = {}
    for name, value in given.items():
        parameter = parameter_of(routine, name)
        try:
            if parameter in taken:
                converted[parameter] = CONVERTED.get(name, as_it_is)(name, value)
            elif name not in CLIENT:
                unsupported.append(name)
        except Unsupported as error:
            unsupported += error.args
    if unsupported:
        raise Unsupported(*sorted(unsupported))
    client = Client(session=Session(), **{parameter: given.get(name, "") for name, parameter in CLIENT.items()})
    return client.construct_render_request(parameters(**converted), kind)


def answer(line: str) -> str:
    request = {}
    try:
        request = json.loads(line)
        routine, options = request["routine"], request["options"]
        if routine not in ROUTINES or not isinstance(options, dict):
            raise ValueError("There is no such routine, or its options are no object.")
    except (ValueError, KeyError, TypeError) as error:
        identity = request.get("id") if isinstance(request, dict) else None
        return json.dumps({"id": identity, "failure": f"{type(error).__name__}: {error}"})
    identity = json.dumps(request.get("id"))
    try:
        return f'{{"id": {identity}, "payload": {payload(routine, options)}}}'
    except Unsupported as error:
        return f'{{"id": {identity}, "unsupported": {json.dumps(error.args)}}}'
    except (RemotionException, AttributeError, TypeError, ValueError) as error:
        return f'{{"id": {identity}, "error": {json.dumps(str(error))}}}'


def check_names() -> None:
    """Every parameter of the client must be the one of an option, so that a new one does not go unnoticed."""
    options = json.loads((Path(__file__).parents[1] / "tests" / "since.json").read_text())
    for routine, (parameters, _) in ROUTINES.items():
        known = {parameter_of(routine, option) for option in [*options[routine], "dumpBrowserLogs"]} | NO_OPTION
        new = sorted({field.name for field in dataclasses.fields(parameters)} - known)
        if new:
            raise SystemExit(
                f"remotion-lambda {remotion.VERSION} takes {', '.join(new)} for {routine}: no option has such a name."
            )


def main() -> None:
    check_names()
    for line in sys.stdin:
        print(answer(line), flush=True)


if __name__ == "__main__":
    main()
