"""What samconfig.toml has SAM do, by the real SAM CLI."""

import json
import os
import re
import shutil
import subprocess
import tomllib

import pytest
from project import PROJECT, template
from samcli.cli.types import CfnParameterOverridesType

SAMCONFIG = (PROJECT / "samconfig.toml").read_text()
CHOICE = '# parameter_overrides = "Architecture=x86_64"\n'


@pytest.fixture
def built_with(tmp_path):
    """Runs `sam build` with a configuration, and answers how it called cargo."""
    cargo = tmp_path / "cargo"
    cargo.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/calls\nexit 1\n')
    cargo.chmod(0o755)
    shutil.copy(cargo, tmp_path / "cargo-lambda")
    shutil.copy(PROJECT / "template.yaml", tmp_path)

    def build(samconfig: str) -> str:
        (tmp_path / "samconfig.toml").write_text(samconfig)
        environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
        subprocess.run(["sam", "build"], cwd=tmp_path, env=environment, capture_output=True, check=False)
        (call,) = [line for line in (tmp_path / "calls").read_text().splitlines() if line.startswith("lambda build")]
        return call

    return build


def test_the_function_is_built_for_arm64(built_with):
    assert "--arm64" in built_with(SAMCONFIG)


def test_the_choice_of_another_processor_reaches_the_build(built_with):
    """And the deployment: tests/e2e/browser/test_guided.py."""
    assert SAMCONFIG.count(CHOICE) == 1
    assert "--arm64" not in built_with(SAMCONFIG.replace(CHOICE, CHOICE.removeprefix("# ")))


def test_older_versions_do_not_ask_whether_to_use_the_builder_for_rust():
    assert tomllib.loads(SAMCONFIG)["default"]["build"]["parameters"]["beta_features"] is True


def overrides() -> list[str]:
    """Each that the documents show."""
    blocks = "\n".join(
        re.sub("^   ", "", page.read_text(), flags=re.MULTILINE) for page in (PROJECT / "docs").glob("*.md")
    )
    shown = re.findall(r"^```toml\n(.*?)^```", blocks, re.DOTALL | re.MULTILINE)
    return [tomllib.loads(block)["default"]["deploy"]["parameters"]["parameter_overrides"] for block in shown]


def test_what_the_documents_show_reaches_the_template():
    """SAM takes a value without its quotes, or with quotes that are not escaped, for one that ends at the first of them."""
    assert len(overrides()) > 1
    for shown in overrides():
        given = CfnParameterOverridesType().convert((shown,), None, None)
        assert set(given) <= set(template()["Parameters"])
        assert isinstance(json.loads(given["RemotionRenderDefaults"]), dict)
