"""The same request on the real functions of older releases: nothing of ours changes but the function's name."""

import pytest
import renders
from local_aws.remotion import create_function
from local_aws.settings import function_name


@pytest.mark.parametrize("release", ["4.0.311", "4.0.420"])
def test_the_request_renders_on_another_release(deployed_as, local_aws, release, tmp_path):
    function = function_name(release)
    create_function(local_aws, function)
    api = deployed_as(f"release-{release.replace('.', '-')}", RemotionFunctionName=function)
    user = api.sign_up()
    render_id = renders.start(api, user, composition="MyVideo", inputProps={"title": release}, outName="video.mp4")

    last = renders.poll(api, user, render_id)[-1]
    assert last["status"] == "done", last
    assert (last["framesRendered"], last["framesTotal"], last["overallProgress"]) == (60, 60, 1)
    assert api.progress(render_id)["renderMetadata"]["lambdaVersion"] == release
    path = tmp_path / "video.mp4"
    path.write_bytes(renders.download(last["outputUrl"])[1])
    assert renders.probe(path) == {"codec_name": "h264", "width": 320, "height": 240, "nb_read_frames": "60"}
