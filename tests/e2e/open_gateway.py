"""A variant of a deployed stack: the same template, but no route has an authorizer."""

import contextlib
import json
from collections.abc import Iterator

from deployed import Deployed
from local_aws import deploy
from samcli.yamlhelper import yaml_parse


@contextlib.contextmanager
def without_authorizers(api: Deployed) -> Iterator[Deployed]:
    cloudformation = api.aws("cloudformation")
    template = cloudformation.get_template(StackName=api.stack, TemplateStage="Original")["TemplateBody"]
    template = yaml_parse(template) if isinstance(template, str) else template
    routes = [r for r in template["Resources"].values() if r["Type"] == "AWS::ApiGatewayV2::Route"]
    for route in routes:
        route["Properties"]["AuthorizationType"] = "NONE"
        route["Properties"].pop("AuthorizerId", None)
    stack = f"{api.stack}-open"
    parameters = {
        given["ParameterKey"]: given["ParameterValue"]
        for given in cloudformation.describe_stacks(StackName=api.stack)["Stacks"][0]["Parameters"]
    } | {"RoleName": f"{stack}-role"}
    cloudformation.create_stack(
        StackName=stack,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    try:
        yield Deployed(api.settings, stack, deploy.outputs(api.settings, stack))
    finally:
        cloudformation.delete_stack(StackName=stack)
