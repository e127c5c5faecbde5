"""Each parameter does something, says what, and stands in docs/configuration.md; each variable of the function comes from one."""

import json
import re

from project import code_of_the_function, function, references, resources, table, template

# The SDK's own, which an operator sets by hand where a network asks for it.
OF_THE_SDK = {"AWS_CA_BUNDLE", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_USE_FIPS_ENDPOINT"}
# What the function does not read itself.
OF_THE_ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_"}

# What is not for callers, and so not for the function that answers them.
OF_THE_METRICS = "METRICS_FUNCTION_NAME"

# What the function `ends` must know. What renders are made of it need not, and the secrets in that.
OF_ENDS = {
    "REMOTION_FUNCTION_NAME",
    "REMOTION_SERVE_URL",
    "REMOTION_BUCKET_NAME",
    "REMOTION_VERSION",
    "REMOTION_MAX_EVENT_AGE_SECONDS",
    "RENDERS_TABLE",
    "BASE_PATH",
    "HOOK_URL",
    "HOOK_SECRET",
    "EVENT_BUS_NAME",
}

# What it must know of the queue, where there is one.
OF_THE_QUEUE = {"DISPATCH_FUNCTION_NAME", "RENDERS_PER_USER_PER_DAY"}

# What the function `dispatch` must know in addition to what all know: what renders are made of, and how many run at once. Whether
# a caller is in the group that is asked for was decided when the render was taken in, and is not known any more.
OF_DISPATCH = {
    "REMOTION_COMPOSITION",
    "REMOTION_ALLOWED_COMPOSITIONS",
    "REMOTION_RENDER_DEFAULTS",
    "REMOTION_RENDER_LIMITS",
    "REMOTION_EXTRA_OPTIONS",
    "RENDERS_PER_USER_PER_DAY",
    "USD_PER_USER_PER_MONTH",
    "RENDER_CAPACITY",
    "RENDERS_PER_OWNER_AT_ONCE",
    "RENDER_QUEUE",
    "MAX_WAIT_MINUTES",
    "OUTPUT_BUCKET_NAME",
    "OUTPUT_KEY",
}

# What the stack itself knows, and who.
OF_THE_STACK = {
    "HOOK_SECRET": "HookSecret",
    "RENDERS_TABLE": "Renders",
    "DISPATCH_FUNCTION_NAME": "AWS::StackName",
    "COGNITO_USER_POOL_ID": "UserPool",
    "COGNITO_USER_POOL_CLIENT_ID": "UserPoolClient",
    "COGNITO_SELF_SIGN_UP": "SelfSignUp",
    "COGNITO_PASSWORD_LENGTH": "PasswordPolicy",
    "COGNITO_PASSWORD_SYMBOLS": "HasStrongPasswords",
}


def used(document: dict) -> set[str]:
    sections = ("Conditions", "Rules", "Globals", "Resources", "Outputs")
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
    # The tutorial names them, and then the others.
    assert [name.strip("`") for name, _ in table("tutorial.md", "1. Deploy")] == required
    listed = ", ".join(names for names, _ in table("tutorial.md", "1. Deploy", number=2)).replace("`", "").split(", ")
    assert [name for name in listed if name in parameters] == list(parameters)[3:]


def test_each_condition_and_mapping_is_used():
    document = template()
    assert set(document["Conditions"]) - used(document) == set()
    assert all(f"'Fn::FindInMap': ['{name}'" in str(document["Resources"]) for name in document["Mappings"])


def test_each_variable_is_text():
    """What CloudFormation makes text of itself, other tools that read the template may not."""
    for name in resources(template(), "AWS::Serverless::Function"):
        variables = function(template(), name)["Environment"]["Variables"]
        assert [name for name, value in variables.items() if not isinstance(value, str | dict)] == []


def variables_of_the_code() -> set[str]:
    code = "".join(text for path, text in code_of_the_function().items() if "config" in path.as_posix())
    return set(re.findall(r'"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"', code))


def variables_of_the_template(name: str = "RenderApi") -> dict[str, object]:
    variables = function(template(), name)["Environment"]["Variables"]
    return {name: value for name, value in variables.items() if name not in OF_THE_ALLOCATOR}


def test_the_template_sets_each_variable_that_the_function_reads():
    read = variables_of_the_code() - OF_THE_SDK
    assert set(variables_of_the_template()) == read


def test_ends_is_told_what_it_must_know_and_no_more():
    assert set(variables_of_the_template("Ends")) == OF_ENDS | {OF_THE_METRICS} | OF_THE_QUEUE


def test_dispatch_is_told_what_it_must_know_and_no_more():
    told = variables_of_the_template("Dispatch")
    assert set(told) == OF_ENDS | {OF_THE_METRICS} | OF_DISPATCH | OF_THE_QUEUE
    # A render that has waited is made as one that has not.
    at_once = variables_of_the_template()
    assert {name: told[name] for name in OF_DISPATCH} == {name: at_once[name] for name in OF_DISPATCH}


def test_the_functions_are_one_binary():
    functions = [function(template(), name) for name in resources(template(), "AWS::Serverless::Function")]
    assert len(functions) == 3
    for part in ("CodeUri", "Runtime", "Architectures"):
        assert len({str(properties[part]) for properties in functions}) == 1, part
    builds = [resource["Metadata"] for resource in resources(template(), "AWS::Serverless::Function").values()]
    assert builds[0] == builds[1] == builds[2]
    assert [properties["Handler"] for properties in functions] == ["bootstrap", "ends", "dispatch"]


def test_each_variable_is_the_parameter_of_that_name():
    parameters = template()["Parameters"]
    for variable, value in variables_of_the_template().items():
        parameter = OF_THE_STACK.get(variable) or "".join(word.capitalize() for word in variable.split("_"))
        if variable not in OF_THE_STACK:
            assert parameters[parameter]["Description"].startswith(f"{variable}. "), parameter
        assert parameter in references(value)


def test_the_documents_state_each_variable():
    stated = {
        name
        for variables, *_ in table("configuration.md", "Variables")
        for name in variables.replace("`", "").split(", ")
    }
    assert variables_of_the_code() | set(variables_of_the_template()) <= stated


def test_the_documents_state_each_other_parameter_and_its_default():
    of_variables = {"".join(word.capitalize() for word in v.split("_")) for v in variables_of_the_template()}
    stated = {name.strip("`"): default.strip("`") for name, default, *_ in table("configuration.md", "Parameters")}
    expected = {
        name: str(parameter["Default"]) or "none"
        for name, parameter in template()["Parameters"].items()
        if name not in of_variables
    }
    assert stated == expected


def test_each_switch_reaches_what_it_switches():
    listed = template()["Resources"]
    pool, client = (listed[name]["Properties"] for name in ("UserPool", "UserPoolClient"))
    api = function(template(), "RenderApi")
    nothing = {"Ref": "AWS::NoValue"}
    reserved = ["HasReservedConcurrency", {"Ref": "ReservedConcurrency"}, nothing]
    functions = resources(template(), "AWS::Serverless::Function")
    assert [function(template(), name)["Tracing"] for name in functions] == [{"Ref": "Tracing"}] * 3
    assert api["ReservedConcurrentExecutions"] == {"Fn::If": reserved}
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
    assert listed["Role"]["Properties"]["RoleName"] == {"Fn::If": ["HasRoleName", {"Ref": "RoleName"}, nothing]}
    assert client["IdTokenValidity"] == client["AccessTokenValidity"] == {"Ref": "TokenValidityMinutes"}
    passwords = pool["Policies"]["PasswordPolicy"]
    mapped = {"Fn::FindInMap": ["PasswordPolicies", {"Ref": "PasswordPolicy"}, "MinimumLength"]}
    assert passwords["MinimumLength"] == mapped
    assert passwords["RequireSymbols"] == {"Fn::If": ["HasStrongPasswords", True, False]}
    assert listed["Budget"]["Condition"] == "HasBudget"
    variables = variables_of_the_template()
    for name in ("COGNITO_USER_POOL_ID", "COGNITO_USER_POOL_CLIENT_ID", "COGNITO_SELF_SIGN_UP"):
        assert (variables[name]["Fn::If"][0], variables[name]["Fn::If"][2]) == ("HasCognitoPage", nothing)


def test_a_render_of_the_defaults_leaves_a_new_account_functions():
    """Ten at once is all that it has: without a `concurrency` a render takes up to 152."""
    defaults = json.loads(template()["Parameters"]["RemotionRenderDefaults"]["Default"])
    assert 1 < defaults["concurrency"] + 1 <= 6
    assert (defaults["privacy"], defaults["enableCancellation"]) == ("private", True)
