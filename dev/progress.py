"""python progress.py BUCKET RENDER_ID: a progress bar, from the file in which Remotion keeps a render's state."""

import json
import sys
import time

import boto3
from botocore.exceptions import ClientError

WIDTH = 40
SECONDS = 120


def read(s3, bucket: str, render_id: str) -> dict | None:
    try:
        return json.load(s3.get_object(Bucket=bucket, Key=f"renders/{render_id}/progress.json")["Body"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise


def watch(bucket: str, render_id: str) -> None:
    s3 = boto3.client("s3")
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        progress = read(s3, bucket, render_id) or {}
        fatal = next((error for error in progress.get("errors", []) if error["isFatal"]), None)
        if fatal:
            raise SystemExit(f"\nThe render failed: {fatal['message']}")
        draw(progress)
        if progress.get("postRenderData"):
            print()
            return
        time.sleep(0.5)
    raise SystemExit(f"\nThe render did not end within {SECONDS} s.")


def draw(progress: dict) -> None:
    first, last = (progress.get("renderMetadata") or {}).get("frameRange") or (0, 0)
    total = last - first + 1
    frames = progress.get("framesRendered", 0)
    filled = WIDTH * frames // total if total > 1 else 0
    print(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {frames} frames rendered", end="", flush=True)


if __name__ == "__main__":
    watch(*sys.argv[1:])
