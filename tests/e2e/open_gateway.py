"""A variant of a deployed stack: the same template, but no route has an authorizer."""

import contextlib
from collections.abc import Iterator

import stacks
from deployed import Deployed


@contextlib.contextmanager
def without_authorizers(api: Deployed) -> Iterator[Deployed]:
    template = stacks.template_of(api)
    routes = [r for r in template["Resources"].values() if r["Type"] == "AWS::ApiGatewayV2::Route"]
    for route in routes:
        route["Properties"]["AuthorizationType"] = "NONE"
        route["Properties"].pop("AuthorizerId", None)
    stack = f"{api.stack}-open"
    parameters = stacks.parameters_of(api) | {"RoleName": f"{stack}-role"}
    try:
        yield stacks.create(api, stack, template, parameters)
    finally:
        api.aws("cloudformation").delete_stack(StackName=stack)
