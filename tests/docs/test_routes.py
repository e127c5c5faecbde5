"""The documents name routes that there are, by openapi.yaml. tests/it holds that to the code, and the reference is made of it."""

import re
from pathlib import Path

import pytest
import yaml
from pages import PROJECT, pages

METHODS = ("get", "post", "put", "patch", "delete")
DOCUMENTED = {
    (method.upper(), re.sub(r"{\w+}", "{}", path))
    for path, operations in yaml.safe_load((PROJECT / "openapi.yaml").read_text())["paths"].items()
    for method in operations.keys() & set(METHODS)
}


def named(text: str) -> set[tuple[str, str]]:
    """Whatever the name of a parameter, and without a query."""
    found = re.findall(rf"`({'|'.join(METHODS).upper()}) (/[\w/{{}}.-]*)", text)
    return {(method, re.sub(r"{\w+}", "{}", path)) for method, path in found}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_a_page_names_only_routes_that_there_are(page: Path):
    assert named(page.read_text()) - DOCUMENTED == set()


def test_one_that_is_not_there_is_found():
    assert named("`GET /renders`, `PUT /render/{id}/cancel?x=1`") - DOCUMENTED == {
        ("GET", "/renders"),
        ("PUT", "/render/{}/cancel"),
    }
