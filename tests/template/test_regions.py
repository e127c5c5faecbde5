"""In which Regions the template can be deployed, and what it says in the others."""

import json
import re
import subprocess

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from project import PROJECT, template

CENSUS = max((PROJECT / "crates" / "remotion-lambda" / "tests" / "fixtures").glob("*/census.json"))
REGIONS = sorted(json.loads(CENSUS.read_text())["enums"]["region"])
IN_CHINA = [region for region in REGIONS if region.startswith("cn-")]

# What AWS's Serverless Application Model makes of its one type.
OF_A_FUNCTION = {
    "AWS::Lambda::Function",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::IAM::Role",
}


def lint(regions: list[str]) -> set[str]:
    """What is wrong with the template in these Regions."""
    command = ["cfn-lint", "--template", "template.yaml", "--format", "json", "--regions", *regions]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    return {fault["Message"] for fault in json.loads(done.stdout or "[]")}


def without(kind: str) -> list[str]:
    """The Regions of Remotion's in which CloudFormation does not know a type."""
    return [region for region in REGIONS if kind not in PROVIDER_SCHEMA_MANAGER.get_resource_types(region=region)]


def schemas(region: str) -> str:
    """What CloudFormation knows of the template's types in a Region: all that a linter finds follows from it."""
    known = PROVIDER_SCHEMA_MANAGER.get_resource_types(region=region)
    types = {resource["Type"] for resource in template()["Resources"].values()} - {"AWS::Serverless::Function"}
    of_types = {
        kind: PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, kind).schema if kind in known else None
        for kind in types | OF_A_FUNCTION
    }
    return json.dumps(of_types, sort_keys=True)


def test_it_can_be_deployed_wherever_remotion_runs_and_cognito_is():
    assert len(REGIONS) > 20
    # A Region takes a quarter of a minute, and most are alike.
    one_of_each = {schemas(region): region for region in REGIONS if region not in IN_CHINA}
    assert len(one_of_each) > 1
    assert lint([*one_of_each.values()]) == set()


def test_china_has_no_user_pools_and_is_told_so():
    assert without("AWS::Cognito::UserPool") == IN_CHINA
    (rule,) = template()["Rules"]["NotInChina"]["Assertions"]
    assert rule["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws-cn"]}]}


def test_a_budget_is_refused_and_left_out_where_there_are_none():
    regions = [region for region in without("AWS::Budgets::Budget") if region not in IN_CHINA]
    assert regions
    ((refused,),) = (rule["Assert"]["Fn::Not"] for rule in template()["Rules"]["BudgetNeedsARegion"]["Assertions"])
    assert refused == {"Fn::Contains": [regions, {"Ref": "AWS::Region"}]}
    left_out = template()["Conditions"]["NoBudgets"]["Fn::Or"]
    assert left_out == [{"Fn::Equals": [{"Ref": "AWS::Region"}, region]} for region in regions]
    assert {"Condition": "NoBudgets"} in template()["Conditions"]["HasBudget"]["Fn::And"][1]["Fn::Not"]


def test_notify_url_is_refused_and_left_out_where_there_are_no_api_destinations():
    regions = [region for region in without("AWS::Events::ApiDestination") if region not in IN_CHINA]
    assert regions == without("AWS::Events::Connection") == ["ap-southeast-5"]
    (rule,) = template()["Rules"]["NotifyUrlNeedsARegion"]["Assertions"]
    there_are_none = {"Fn::Equals": [{"Ref": "AWS::Region"}, *regions]}
    assert rule["Assert"] == {"Fn::Not": [there_are_none]}
    assert template()["Conditions"]["NoApiDestinations"] == there_are_none
    assert {"Condition": "NoApiDestinations"} in template()["Conditions"]["HasNotifyUrl"]["Fn::And"][1]["Fn::Not"]


def test_no_domain_of_aws_is_written_out():
    """It differs between partitions: amazonaws.com, amazonaws.com.cn, amazonaws.eu. Names of services do not."""
    text = json.dumps(template()["Resources"])
    assert re.findall(r"[\w.-]*amazonaws\.[\w.]+", text) == [
        f"{service}.amazonaws.com"
        for service in ("apigateway", "apigateway", "scheduler", "events", "events", "lambda", "lambda", "lambda")
    ]
