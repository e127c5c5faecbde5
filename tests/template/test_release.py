"""The templates of a release: each deploys the zip of its processor, and cannot be told otherwise."""

import re
import sys

import pytest
from project import PROJECT, template
from samcli.yamlhelper import yaml_parse

sys.path.append(str(PROJECT / "dev"))

from release_templates import release_template

MAKEFILE = (PROJECT / "Makefile").read_text()


@pytest.mark.parametrize("architecture", template()["Parameters"]["Architecture"]["AllowedValues"])
def test_it_is_bound_to_its_processor(architecture):
    released = yaml_parse(release_template(architecture))
    assert released["Globals"]["Function"]["CodeUri"] == f"remotion-render-api-{architecture}.zip"
    choice = released["Parameters"]["Architecture"]
    assert (choice["Default"], choice["AllowedValues"]) == (architecture, [architecture])
    # Nothing else differs.
    choice |= {name: template()["Parameters"]["Architecture"][name] for name in ("Default", "AllowedValues")}
    released["Globals"]["Function"]["CodeUri"] = "."
    assert released == template()


def test_a_release_has_one_for_each_processor():
    (built,) = re.findall(r"^DIST \?= (.*)$", MAKEFILE, re.MULTILINE)
    assert built.split() == template()["Parameters"]["Architecture"]["AllowedValues"]
    assert "python dev/release_templates.py target/dist $(DIST)\n" in MAKEFILE
