"""The bill of materials that `make sbom` has written names each crate of the binary, in the version that is built."""

import json

import pytest
import sbom


@pytest.fixture(params=sbom.TARGETS)
def architecture(request) -> str:
    return request.param


@pytest.fixture
def document(architecture: str) -> dict:
    return json.loads((sbom.SBOM / f"{sbom.NAME}-{architecture}.cdx.json").read_text())


def test_it_names_what_the_binary_is_built_of(architecture, document):
    listed = {(component["name"], component["version"]) for component in document["components"]}
    described = document["metadata"]["component"]
    assert listed | {(described["name"], described["version"])} == sbom.crates(sbom.TARGETS[architecture])


def test_each_crate_has_its_digest_in_the_lock_file_and_a_licence(document):
    """But for those of this workspace, which lie next to the function."""
    lock = (sbom.PROJECT / "Cargo.lock").read_text()
    own = [component["name"] for component in document["components"] if "file://crates/" in component["purl"]]
    assert own == ["remotion-lambda"]
    for component in document["components"]:
        assert component["licenses"], component["name"]
        if component["name"] in own:
            continue
        (digest,) = component["hashes"]
        assert f'checksum = "{digest["content"]}"' in lock, component["name"]


def test_each_dependency_is_listed(document):
    known = {component["bom-ref"] for component in document["components"]}
    for entry in document["dependencies"]:
        assert known.issuperset(entry["dependsOn"]), entry["ref"]


def test_it_says_nothing_of_the_machine_that_made_it(document):
    assert str(sbom.PROJECT) not in json.dumps(document)
