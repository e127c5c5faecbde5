"""python progress.py API_URL RENDER_ID: a progress bar by the API's own status route, with the token in TOKEN.

Prints the signed link of the output to standard output, and the bar to standard error.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

WIDTH = 40
SECONDS = 120


def read(url: str) -> dict:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['TOKEN']}"})
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error}: {error.read().decode()}") from error


def watch(url: str) -> str:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        render = read(url)
        draw(render)
        if render["status"] == "done":
            print(file=sys.stderr)
            return render["outputUrl"]
        if render["status"] in ("failed", "cancelled", "timed_out", "expired"):
            messages = " ".join(error["message"] for error in render["errors"])
            raise SystemExit(f"\nThe render ended as {render['status']}. {messages}")
        time.sleep(0.5)
    raise SystemExit(f"\nThe render did not end within {SECONDS} s.")


def draw(render: dict) -> None:
    filled = int(WIDTH * render["overallProgress"])
    frames = f"{render['framesRendered']} of {render['framesTotal'] or '?'} frames"
    line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {render['status']:<9} {frames}"
    print(f"\r{line:<80}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    api_url, render_id = sys.argv[1:]
    print(watch(f"{api_url}/render/{render_id}"))
