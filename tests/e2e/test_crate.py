"""The client crate's example, as somebody who writes a program with it would run it."""

import subprocess
from pathlib import Path

from local_aws.settings import FUNCTION, PROJECT, Settings, aws_environment
from renders import probe


def test_the_example_saves_the_video_that_it_starts(local_aws: Settings, tmp_path: Path):
    # With the features of the whole workspace, as `cargo test` has built it.
    build = ["cargo", "build", "--locked", "--quiet", "--workspace", "--example", "render"]
    subprocess.run(build, cwd=PROJECT, check=True)
    environment = aws_environment(local_aws.endpoint) | {
        "REMOTION_FUNCTION_NAME": FUNCTION,
        "REMOTION_SERVE_URL": local_aws.serve_url,
    }
    video = tmp_path / "video.mp4"
    command = [PROJECT / "target" / "debug" / "examples" / "render", "MyVideo", video]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f" is in {video}.\n")
    assert probe(video) == {"codec_name": "h264", "width": 320, "height": 240, "nb_read_frames": "60"}
