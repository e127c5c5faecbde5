"""Where the emulators differ, and where both differ from AWS: each as README.md has it."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from differences import BUCKET, DIFFERENCES, TABLE, Clients, Difference, heard
from emulators import Emulator
from local_aws.settings import REGION
from local_aws.table import create_table
from readme import document

README = Path(__file__).with_name("README.md")


@pytest.fixture(scope="module")
def clients(both: dict[str, Emulator]) -> dict[str, Clients]:
    """With a table and a bucket of their own."""
    found = {name: Clients(*_clients(emulator.endpoint)) for name, emulator in both.items()}
    for each in found.values():
        create_table(each.dynamodb, TABLE)
        each.s3.create_bucket(Bucket=BUCKET)
    return found


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each.title)
def test_difference(clients: dict[str, Clients], difference: Difference):
    with ThreadPoolExecutor() as pool:
        answers = dict(zip(clients, pool.map(lambda each: heard(difference.ask, each), clients.values()), strict=True))
    assert answers == {"MiniStack": difference.ministack, "moto": difference.moto}
    assert {difference.aws} != {*answers.values()}, "both are right: it is no difference any more"


def test_documentation():
    """UPDATE=1 writes it."""
    text = document(README.read_text())
    if os.environ.get("UPDATE"):
        README.write_text(text)
    assert README.read_text() == text, "README.md is not what differences.py says: UPDATE=1 writes it."


def _clients(endpoint: str):
    for service in ("dynamodb", "s3"):
        yield boto3.client(
            service,
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, retries={"max_attempts": 1})
            if service == "s3"
            else None,
        )
