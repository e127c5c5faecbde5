"""The table is made of the template's own properties, on both."""

from emulators import Emulator
from local_aws.remotion import client
from local_aws.settings import PROJECT
from samcli.yamlhelper import yaml_parse
from state import TABLE

PROPERTIES = yaml_parse((PROJECT / "template.yaml").read_text())["Resources"]["Renders"]["Properties"]


def test_it_is_what_the_template_says(emulator: Emulator):
    dynamodb = client("dynamodb", emulator.endpoint)
    table = dynamodb.describe_table(TableName=TABLE)["Table"]
    assert table["KeySchema"] == PROPERTIES["KeySchema"]
    by_name = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    assert by_name == {each["AttributeName"]: each["AttributeType"] for each in PROPERTIES["AttributeDefinitions"]}
    for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        names = ("IndexName", "KeySchema", "Projection")
        assert [{name: index[name] for name in names} for index in table[kind]] == PROPERTIES[kind]
    assert table["BillingModeSummary"]["BillingMode"] == PROPERTIES["BillingMode"]
    assert table["SSEDescription"]["Status"] == "ENABLED"
    assert table["DeletionProtectionEnabled"] is False


def test_what_has_expired_is_removed(emulator: Emulator):
    described = client("dynamodb", emulator.endpoint).describe_time_to_live(TableName=TABLE)
    assert described["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": PROPERTIES["TimeToLiveSpecification"]["AttributeName"],
    }


def test_it_can_be_restored(emulator: Emulator):
    described = client("dynamodb", emulator.endpoint).describe_continuous_backups(TableName=TABLE)
    recovery = described["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
