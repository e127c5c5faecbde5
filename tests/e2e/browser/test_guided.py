"""`sam deploy --guided` by docs/tutorial.md: three answers, Enter for all else, and the whole walk-through works on what is deployed."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from browser import Visits
from deployed import PASSWORD, Deployed
from local_aws.deploy import ARCHITECTURE, BINARY, answers, outputs
from local_aws.settings import BUCKET, PROJECT, STACK, Settings, aws_environment
from patience import until
from playwright.sync_api import expect
from release_templates import release_template
from renders import download, probe
from terminal import Dialogue, converse
from walk_through import SHOWN_ID, Reader, commands

EMAIL = "sample@test.com"


@pytest.fixture(scope="module")
def folder(built: Path, tmp_path_factory) -> Path:
    """The project as `sam build` leaves it: SAM writes the answers into its samconfig.toml."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(built.parent, folder / ".aws-sam")
    shutil.copy(PROJECT / "template.yaml", folder)
    samconfig = (PROJECT / "samconfig.toml").read_text()
    # This machine's processor, as the tutorial has it chosen.
    chosen = re.sub(r"# (parameter_overrides = .Architecture=)x86_64", rf"\g<1>{ARCHITECTURE}", samconfig)
    assert chosen != samconfig
    (folder / "samconfig.toml").write_text(chosen)
    return folder


def deploy(
    folder: Path, settings: Settings, given: dict[str, str], command: Sequence[str] = ("sam", "deploy", "--guided")
) -> Dialogue:
    """Answers these questions, and all others with Enter."""
    return converse(list(command), folder, aws_environment(settings.endpoint), lambda question: given.get(question, ""))


def of_parameters(given: dict[str, str]) -> dict[str, str]:
    return {f"Parameter {name}": value for name, value in given.items()}


@pytest.fixture(scope="module")
def dialogue(folder: Path, local_aws: Settings) -> Dialogue:
    return deploy(folder, local_aws, of_parameters(answers(local_aws)))


@pytest.fixture(scope="module")
def guided(dialogue: Dialogue, local_aws: Settings) -> Deployed:
    assert dialogue.status == 0, dialogue.shown
    return Deployed(local_aws, STACK, outputs(local_aws, STACK))


@pytest.fixture(scope="module")
def reader(guided: Deployed, local_aws: Settings) -> Reader:
    return Reader(
        aws_environment(local_aws.endpoint),
        {
            "YOUR_USER_POOL_CLIENT_ID": guided.client_id,
            "YOUR_USER_POOL_ID": guided.pool_id,
            "YOUR_API_URL": f"http://{guided.host}",
        },
    )


def test_only_the_first_three_questions_need_an_answer(dialogue: Dialogue, local_aws: Settings):
    assert dialogue.status == 0, dialogue.shown
    asked = [question for question in dialogue.questions if question.startswith("Parameter ")]
    assert asked[:3] == list(of_parameters(answers(local_aws)))
    # The tutorial has each question, in this order.
    lines = (PROJECT / "docs" / "tutorial.md").read_text().splitlines()
    listed = [
        name for line in lines if line.startswith("| `") for name in re.findall(r"`([^`]+)`", line.split(" | ")[0])
    ]
    assert [
        question.removeprefix("Parameter ") for question in dialogue.questions if question not in asked[:3]
    ] == listed[3:]
    # The section that both `sam build` and `sam deploy` read has reached this one.
    assert dialogue.questions["Parameter Architecture"] == ARCHITECTURE


def test_the_next_deployment_asks_nothing_and_changes_nothing(folder: Path, guided: Deployed, local_aws: Settings):
    before = parameters(guided)
    done = subprocess.run(
        ["sam", "deploy"],
        cwd=folder,
        env=aws_environment(local_aws.endpoint),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "No changes to deploy" in done.stdout
    assert parameters(guided) == before


def parameters(api: Deployed) -> dict[str, str]:
    (stack,) = api.aws("cloudformation").describe_stacks(StackName=api.stack)["Stacks"]
    return {given["ParameterKey"]: given["ParameterValue"] for given in stack["Parameters"]}


def test_the_walk_through_leads_to_a_video(reader: Reader, guided: Deployed, tmp_path: Path):
    for step in ("## 2. Create a user", "## 3. Confirm the user"):
        for block in commands(step):
            reader.run(block)
    user = guided.cognito.admin_get_user(UserPoolId=guided.pool_id, Username=EMAIL)
    assert user["UserStatus"] == "CONFIRMED"
    # Else a forgotten password cannot be reset.
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]

    (sign_in,) = commands("## 4. Sign in")
    reader.names["YOUR_ID_TOKEN"] = json.loads(reader.run(sign_in))["AuthenticationResult"]["IdToken"]

    start, watch = commands("## 5. Render")
    started = json.loads(reader.run(start))
    assert started == {"message": "SUCCESS", "bucketName": BUCKET, "renderId": started["renderId"]}

    reader.names[SHOWN_ID] = started["renderId"]
    running = ("queued", "rendering", "encoding")
    status = until(lambda: json.loads(reader.run(watch)), lambda status: status["status"] not in running, 300)
    assert status["status"] == "done", status
    # Private by default, so nothing but the signed link leads to it.
    video = tmp_path / "video.mp4"
    kind, content = download(status["outputUrl"])
    video.write_bytes(content)
    assert kind == "video/mp4"
    assert probe(video)["nb_read_frames"] == "60"

    # Five functions rendered it, as the template's defaults have it.
    state = guided.progress(started["renderId"])
    assert len(state["chunks"]) == 5


def test_the_page_of_it_lets_the_same_user_in(visit: Visits, guided: Deployed):
    if not users(guided):
        guided.cognito.sign_up(ClientId=guided.client_id, Username=EMAIL, Password=PASSWORD)
        guided.cognito.admin_confirm_sign_up(UserPoolId=guided.pool_id, Username=EMAIL)
    page = visit(guided).sign_in(EMAIL)
    page.choose("MyVideo")
    page.unfold()
    page.field("Last frame").fill("0")
    page.start()
    expect(page.badge).to_have_text("Done")
    expect(page.render.locator("video")).to_be_visible()


def users(api: Deployed) -> list[dict]:
    return api.cognito.list_users(UserPoolId=api.pool_id)["Users"]


def test_enter_for_one_of_the_three_is_refused_with_what_to_give(folder: Path, local_aws: Settings, tmp_path: Path):
    other = shutil.copytree(folder, tmp_path / "project")
    (other / "samconfig.toml").write_text((PROJECT / "samconfig.toml").read_text())
    given = of_parameters(answers(local_aws)) | {
        "Stack Name": "without-a-bucket",
        "Parameter RemotionBucketName": "",
        "Parameter RoleName": "without-a-bucket-role",
    }
    dialogue = deploy(other, local_aws, given)
    assert dialogue.status != 0, dialogue.shown
    assert "give the name of Remotion's bucket, such as remotionlambda-" in dialogue.shown


@pytest.mark.usefixtures("built")
def test_a_release_is_deployed_without_a_build(local_aws: Settings, tmp_path: Path):
    """The files of a release in a folder, and nothing else."""
    (tmp_path / f"template-{ARCHITECTURE}.yaml").write_text(release_template(ARCHITECTURE))
    shutil.make_archive(str(tmp_path / f"remotion-render-api-{ARCHITECTURE}"), "zip", BINARY.parent)
    command = commands("## Deploy a release without Rust", "deploy.md")[0].replace(
        "template-arm64.yaml", f"template-{ARCHITECTURE}.yaml"
    )
    given = of_parameters(answers(local_aws) | {"RoleName": "released-role"}) | {"Stack Name": "released"}
    dialogue = deploy(tmp_path, local_aws, given, shlex.split(command))
    assert dialogue.status == 0, dialogue.shown
    api = Deployed(local_aws, "released", outputs(local_aws, "released"))
    assert api.request("GET", "/health", api.sign_up().token).status == 200
