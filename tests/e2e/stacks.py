"""Further stacks of the template that `sam deploy` has uploaded for one: `sam deploy` itself takes seconds longer for each."""

import json

from deployed import Deployed
from local_aws import deploy
from local_aws.settings import BUCKET
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
    """Next to the stack of another. By way of a bucket, as `sam deploy` does it: it is too large to be sent along."""
    key = f"templates/{stack}.json"
    api.aws("s3").put_object(Bucket=BUCKET, Key=key, Body=json.dumps(template).encode())
    cloudformation = api.aws("cloudformation")
    cloudformation.create_stack(
        StackName=stack,
        TemplateURL=f"{api.settings.endpoint}/{BUCKET}/{key}",
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    return Deployed(api.settings, stack, deploy.outputs(api.settings, stack))
