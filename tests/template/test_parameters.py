"""Each parameter does something, says what, and stands in the README; each variable of the function comes from one."""

import re

from project import code_of_the_function, references, table, template

# The SDK's own, which an operator sets by hand where a network asks for it.
OF_THE_SDK = {"AWS_CA_BUNDLE", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_USE_FIPS_ENDPOINT"}
# What the function does not read itself.
OF_THE_ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_"}

# What the stack itself knows, and who.
OF_THE_STACK = {
    "RENDERS_TABLE": "Renders",
    "COGNITO_USER_POOL_ID": "UserPool",
    "COGNITO_USER_POOL_CLIENT_ID": "UserPoolClient",
    "COGNITO_SELF_SIGN_UP": "SelfSignUp",
}


def used(document: dict) -> set[str]:
    sections = ("Conditions", "Rules", "Resources", "Outputs")
    return references({name: document[name] for name in sections})


def test_each_parameter_is_used_and_described():
    document = template()
    assert set(document["Parameters"]) - used(document) == set()
    for name, parameter in document["Parameters"].items():
        assert parameter["Description"].rstrip().endswith("."), name


def test_each_parameter_is_in_one_group_in_the_order_in_which_sam_asks():
    groups = template()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert [name for group in groups for name in group["Parameters"]] == list(template()["Parameters"])


def test_the_first_questions_are_those_that_need_an_answer():
    parameters = template()["Parameters"]
    required = [name for name, parameter in parameters.items() if "Default" not in parameter]
    assert required == ["RemotionFunctionName", "RemotionServeUrl", "RemotionBucketName"]
    assert list(parameters)[:3] == required
    # The walk-through names them, and no other.
    assert [name.strip("`") for name, _ in table("1. Deploy")] == required


def test_each_condition_and_mapping_is_used():
    document = template()
    assert set(document["Conditions"]) - used(document) == set()
    assert all(f"'Fn::FindInMap': ['{name}'" in str(document["Resources"]) for name in document["Mappings"])


def test_each_variable_is_text():
    """What CloudFormation makes text of itself, other tools that read the template may not."""
    variables = template()["Resources"]["RenderApi"]["Properties"]["Environment"]["Variables"]
    assert [name for name, value in variables.items() if not isinstance(value, str | dict)] == []


def variables_of_the_code() -> set[str]:
    code = "".join(text for path, text in code_of_the_function().items() if "config" in path.as_posix())
    return set(re.findall(r'"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"', code))


def variables_of_the_template() -> dict[str, object]:
    variables = template()["Resources"]["RenderApi"]["Properties"]["Environment"]["Variables"]
    return {name: value for name, value in variables.items() if name not in OF_THE_ALLOCATOR}


def test_the_template_sets_each_variable_that_the_function_reads():
    read = variables_of_the_code() - OF_THE_SDK
    assert set(variables_of_the_template()) == read


def test_each_variable_is_the_parameter_of_that_name():
    parameters = template()["Parameters"]
    for variable, value in variables_of_the_template().items():
        parameter = OF_THE_STACK.get(variable) or "".join(word.capitalize() for word in variable.split("_"))
        if variable not in OF_THE_STACK:
            assert parameters[parameter]["Description"].startswith(f"{variable}. "), parameter
        assert parameter in references(value)


def test_the_readme_states_each_variable():
    stated = {name for variables, *_ in table("Configuration") for name in variables.replace("`", "").split(", ")}
    assert variables_of_the_code() | set(variables_of_the_template()) <= stated


def test_the_readme_states_each_other_parameter_and_its_default():
    of_variables = {"".join(word.capitalize() for word in v.split("_")) for v in variables_of_the_template()}
    stated = {name.strip("`"): default.strip("`") for name, default, *_ in table("Parameters")}
    expected = {
        name: str(parameter["Default"]) or "none"
        for name, parameter in template()["Parameters"].items()
        if name not in of_variables
    }
    assert stated == expected


def test_each_switch_reaches_what_it_switches():
    resources = template()["Resources"]
    function, pool, client = (resources[name]["Properties"] for name in ("RenderApi", "UserPool", "UserPoolClient"))
    nothing = {"Ref": "AWS::NoValue"}
    reserved = ["HasReservedConcurrency", {"Ref": "ReservedConcurrency"}, nothing]
    assert function["Tracing"] == {"Ref": "Tracing"}
    assert function["ReservedConcurrentExecutions"] == {"Fn::If": reserved}
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] == {"Fn::If": ["HasSelfSignUp", False, True]}
    assert pool["MfaConfiguration"] == {"Ref": "Mfa"}
    assert pool["EnabledMfas"] == {"Fn::If": ["HasMfa", ["SOFTWARE_TOKEN_MFA"], nothing]}
    assert pool["UserPoolAddOns"]["AdvancedSecurityMode"] == {"Ref": "ThreatProtection"}
    assert pool["UserPoolTier"] == {"Fn::If": ["HasThreatProtection", "PLUS", "ESSENTIALS"]}
    sender = {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": {"Ref": "SesIdentityArn"},
        "From": {"Ref": "SesFromAddress"},
    }
    assert pool["EmailConfiguration"] == {"Fn::If": ["HasSes", sender, nothing]}
    assert resources["Role"]["Properties"]["RoleName"] == {"Fn::If": ["HasRoleName", {"Ref": "RoleName"}, nothing]}
    assert client["IdTokenValidity"] == client["AccessTokenValidity"] == {"Ref": "TokenValidityMinutes"}
    for rule in ("MinimumLength", "RequireSymbols"):
        mapped = {"Fn::FindInMap": ["PasswordPolicies", {"Ref": "PasswordPolicy"}, rule]}
        assert pool["Policies"]["PasswordPolicy"][rule] == mapped
    assert resources["Budget"]["Condition"] == "HasBudget"
    variables = variables_of_the_template()
    assert variables["COGNITO_USER_POOL_ID"] == {"Fn::If": ["HasPage", {"Ref": "UserPool"}, nothing]}
    assert variables["COGNITO_USER_POOL_CLIENT_ID"] == {"Fn::If": ["HasPage", {"Ref": "UserPoolClient"}, nothing]}
    assert variables["COGNITO_SELF_SIGN_UP"] == {"Fn::If": ["HasPage", {"Ref": "SelfSignUp"}, nothing]}
