"""Further stacks of the template that `sam deploy` has uploaded for one: `sam deploy` itself takes seconds longer for each."""

import json

from deployed import Deployed
from local_aws import deploy
from samcli.yamlhelper import yaml_parse


def template_of(api: Deployed) -> dict:
    """With the uploaded code in the place of the folder."""
    cloudformation = api.aws("cloudformation")
    template = cloudformation.get_template(StackName=api.stack, TemplateStage="Original")["TemplateBody"]
    return yaml_parse(template) if isinstance(template, str) else template


def parameters_of(api: Deployed) -> dict[str, str]:
    (stack,) = api.aws("cloudformation").describe_stacks(StackName=api.stack)["Stacks"]
    return {given["ParameterKey"]: given["ParameterValue"] for given in stack["Parameters"]}


def create(api: Deployed, stack: str, template: dict, parameters: dict[str, str]) -> Deployed:
    """Next to the stack of another."""
    cloudformation = api.aws("cloudformation")
    cloudformation.create_stack(
        StackName=stack,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    return Deployed(api.settings, stack, deploy.outputs(api.settings, stack))
