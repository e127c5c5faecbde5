"""What the patterns of the parameters take and refuse, as the function and AWS would."""

import functools
import re

import pytest
from project import range_in_the_code, template

FUNCTION = "remotion-render-4-0-520-mem2048mb-disk2048mb-120sec"
ARN = f"arn:aws:lambda:us-east-1:123456789012:function:{FUNCTION}"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

# By parameter: what it takes, and what it refuses.
EXAMPLES: dict[str, tuple[list[str], list[str]]] = {
    "RemotionFunctionName": (
        [
            FUNCTION,
            f"{FUNCTION}:live",
            f"{FUNCTION}:$LATEST",
            ARN,
            f"{ARN}:7",
            ARN.replace("arn:aws:", "arn:aws-us-gov:"),
        ],
        [
            "",
            f" {FUNCTION}",
            f"123456789012:function:{FUNCTION}",
            f"function:{FUNCTION}:live",
            f"us-east-1:123456789012:function:{FUNCTION}",
            ARN.replace("lambda", "s3"),
            f"{FUNCTION}:",
        ],
    ),
    "RemotionServeUrl": (
        ["https://remotionlambda-useast1-abc.s3.us-east-1.amazonaws.com/sites/x/index.html", "my-video"],
        ["", "my video", "ftp://example.com"],
    ),
    "RemotionBucketName": (
        ["remotionlambda-useast1-5essis84y1", "a.b"],
        ["", "Bucket", "s3://bucket", "ab", "-bucket", "b" * 64],
    ),
    "BucketKmsKeyArn": (["", KEY], ["alias/mine", KEY.replace("key/", "alias/"), "1234abcd", f"{KEY} "]),
    "RemotionRenderDefaults": (["", "{}", '{"crf":20,\n"scale":1}'], ["crf=20", "[]"]),
    "RemotionRenderLimits": (["", '{"scale":2}'], ["scale=2", "2"]),
    "RemotionExtraOptions": (["", "newOption", "one,two"], ["one two", "one,", ",one"]),
    "RenderCapacity": (["", "1", "99999", "100000"], ["0", "01", "-1", "1.5", "100001", "200000", " 1"]),
    "RendersPerOwnerAtOnce": (["", "1", "9999", "10000"], ["0", "01", "-1", "10001", "20000"]),
    "MaxWaitMinutes": (["", "1", "1440", "9999"], ["0", "01", "-1", "1h"]),
    "OutputBucketName": (["", "my-outputs"], ["My-Outputs", "s3://my-outputs"]),
    "OutputKey": (
        ["", "{id}", "{userId}/{id}.{extension}", "videos/{date}/{composition}-{id}.mp4", "{id}/{id}"],
        ["video.mp4", "{userId}/video.mp4", "{id}/{name}", "{id", "{ID}", "{id} {date}"],
    ),
    "UsdPerUserPerMonth": (
        ["", "5", "0.5", "0.50", "12.75", "0.0001", "999999999"],
        ["0", "0.0", "0.00", "-1", "1e3", "1,5", "$5", "5 USD", "05", "5.", ".5", "9999999999"],
    ),
    "EventBusName": (["", "default", "our-events", "aws.partner/example.com/1"], ["our events", "arn:aws:events:x"]),
    "NotifyUrl": (
        ["", "https://app.example.com/renders?a=b", "https://app.example.com:8443/"],
        ["http://app.example.com", "app.example.com", "https://", "https://a b", 'https://a"b'],
    ),
    "HookUrl": (
        ["", "https://video.example.com/hooks/remotion", "http://127.0.0.1:4567/_stacks/a/hooks/remotion"],
        [
            "https://video.example.com",
            "https://video.example.com/hooks/remotion/",
            "/hooks/remotion",
            "ftp://a/hooks/remotion",
        ],
    ),
    "UserPoolId": (
        ["", "eu-central-1_AbCdEfGhI", "us-gov-west-1_a", "eusc-de-east-1_1"],
        ["AbCdEfGhI", "eu-central-1", "eu-central-1_", "eu-central-1_a/b", " eu-central-1_a"],
    ),
    "UserPoolClientIds": (["", "4l5tsda2iu8lqugl73m8hgeb83", "a,b"], ["a,", ",a", "a b", "a, b"]),
    "JwtIssuer": (
        ["", "https://tenant.eu.auth0.com/", "https://keycloak.example.com/realms/app", "http://127.0.0.1:9000"],
        ["tenant.eu.auth0.com", "https://", "https://a b", 'https://a"b'],
    ),
    "JwtAudiences": (["", "https://render.example.com", "a,b"], ["a,", ",a", "a b", 'a"b']),
    "OidcClientId": (["", "page", "0oa1b2c3", "https://app.example.com/client"], ["a b", "a,b", 'a"b', " page"]),
    "UserIdClaim": (["", "sub", "email", "https://app.example.com/id"], ["user id", 'a"b']),
    "GroupsClaim": (["", "cognito:groups", "permissions[]"], ["my groups", 'a"b']),
    "TenantClaim": (["", "org_id", "custom:tenant"], ["org id", 'a"b']),
    "ActAsScope": (["", "render-api/act-as", "act:as"], ["a b", 'a"b', "a\\b"]),
    "ActAsClients": (["", "a", "a,b"], ["a,", ",a", "a b"]),
    "PageTitle": (
        ["", "A", "Acme Videos", "Vidéos d'Ana", "a" * 50],
        [" Acme", "Acme ", "a" * 51, "Acme\nVideos"],
    ),
    "PageColor": (["", "#0a7d5a", "#FFFFFF"], ["0a7d5a", "#fff", "#0a7d5aff", "green", "#0a7d5g"]),
    "DomainName": (
        ["", "video.example.com"],
        ["example", "https://video.example.com", "Video.example.com", "video.example.com/"],
    ),
    "CertificateArn": (
        ["", "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab"],
        ["1234abcd", "arn:aws:iam::123456789012:server-certificate/a"],
    ),
    "SesIdentityArn": (
        ["", "arn:aws:ses:us-east-1:123456789012:identity/example.com"],
        ["example.com", "arn:aws:ses:us-east-1:123456789012:configuration-set/x"],
    ),
    "SesFromAddress": (
        ["", "no-reply@example.com", "Our Videos <no-reply@example.com>"],
        ["example.com", "<no-reply@example.com", "no reply@example.com"],
    ),
    "CorsAllowedHeaders": (["", "x-request-id", "baggage,X_Other"], ["*", "a, b", "a,", "a:b"]),
    "BasePath": (
        ["", "/video", "/api/v1.0", "/team_a-b"],
        ["/", "video", "/video/", "//video", "/a b", "/a?b", "/~team"],
    ),
    "RoleName": (["", "remotionLambdaServerlessRole", "a+b=c,d.e@f-g_h"], ["a role", "path/role", "r" * 65]),
}


@functools.cache
def pattern(name: str) -> re.Pattern:
    return re.compile(template()["Parameters"][name]["AllowedPattern"])


def takes(name: str, value: str) -> bool:
    return pattern(name).fullmatch(value) is not None


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_pattern_takes_what_is_right_and_refuses_what_is_wrong(name):
    right, wrong = EXAMPLES[name]
    assert [value for value in right if not takes(name, value)] == []
    assert [value for value in wrong if takes(name, value)] == []


def test_each_default_is_one_that_its_pattern_takes():
    patterned = {name: p for name, p in template()["Parameters"].items() if "AllowedPattern" in p and "Default" in p}
    assert [name for name, parameter in patterned.items() if not takes(name, parameter["Default"])] == []


def test_a_value_that_is_refused_is_told_what_to_give():
    """CloudFormation shows this sentence, and without it the pattern."""
    patterned = [p for p in template()["Parameters"].values() if "AllowedPattern" in p]
    assert all(parameter["ConstraintDescription"].startswith("give ") for parameter in patterned)


@pytest.mark.parametrize("name", ["RendersPerUserPerDay", "RenderCapacity", "RendersPerOwnerAtOnce", "MaxWaitMinutes"])
def test_a_number_is_what_the_function_takes(name):
    constant = "_".join(re.findall("[A-Z][a-z]+", name)).upper()
    numbers = range_in_the_code(constant)
    taken = {number for number in range(numbers.stop * 10) if takes(name, str(number))}
    assert taken == set(numbers)
    assert takes(name, "")
    assert not any(takes(name, text) for text in ("01", "-1", "+1", "1.5", " 1"))


def test_a_link_lives_as_long_as_the_function_takes():
    assert bounds("OutputUrlTtlSeconds") == range_in_the_code("OUTPUT_URL_TTL_SECONDS")


def test_an_event_is_kept_as_long_as_the_function_takes():
    assert bounds("RemotionMaxEventAgeSeconds") == range_in_the_code("MAX_EVENT_AGE_SECONDS")


def bounds(parameter: str) -> range:
    given = template()["Parameters"][parameter]
    return range(given["MinValue"], given["MaxValue"] + 1)


def test_users_have_a_quota_unless_the_operator_takes_it_away():
    assert template()["Parameters"]["RendersPerUserPerDay"]["Default"] == "20"
