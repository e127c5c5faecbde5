"""The template's table of renders, made without CloudFormation: for what needs the table, and nothing else of the stack."""

from samcli.yamlhelper import yaml_parse

from .settings import PROJECT


def create_table(dynamodb, name: str) -> None:
    """With all that the template says of it."""
    template = yaml_parse((PROJECT / "template.yaml").read_text())
    properties = dict(template["Resources"]["Renders"]["Properties"])
    time_to_live = properties.pop("TimeToLiveSpecification")
    recovery = properties.pop("PointInTimeRecoverySpecification")
    # CloudFormation's own name for it.
    encryption = {"Enabled": properties.pop("SSESpecification")["SSEEnabled"]}
    # A condition, which depends on a parameter.
    protected = properties.pop("DeletionProtectionEnabled")
    dynamodb.create_table(
        TableName=name, **properties, SSESpecification=encryption, DeletionProtectionEnabled=_by_default(protected)
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name)
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=time_to_live)
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)


def _by_default(condition: dict):
    """What it is where the parameter that it depends on is not set."""
    _, _, otherwise = condition["Fn::If"]
    return otherwise
