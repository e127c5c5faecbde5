"""What a caller hears when the operator's deployment is at fault: who must act, and nothing that is not a caller's to know."""

from deployed import assert_problem
from local_aws.settings import FUNCTION, VERSION, function_name

INNARDS = ("arn:", "node_modules", "index.js", "    at ", "stack")


def test_a_function_that_does_not_exist(deployed_as):
    api = deployed_as("missing-function", RemotionFunctionName=function_name(VERSION, seconds=99))
    problem = assert_problem(api.render(api.sign_up().token), 503, "render_function_missing")
    assert not any(word in str(problem) for word in INNARDS)


def test_a_version_that_is_not_the_functions(deployed_as):
    api = deployed_as("version-mismatch", RemotionVersion="4.0.311")
    problem = assert_problem(api.render(api.sign_up().token), 503, "version_mismatch")
    assert "4.0.311" in problem["detail"]
    assert VERSION in problem["detail"]


def test_an_error_that_remotion_answers(deployed_as):
    """A bucket that does not exist fails Remotion's own start, which answers with a message and a stack."""
    api = deployed_as("bad-bucket", RemotionBucketName="remotionlambda-useast1-missing001")
    problem = assert_problem(api.render(api.sign_up().token), 502, "render_function_error")
    assert not any(word in str(problem) for word in INNARDS)


def test_an_arn_serves_as_well_as_a_name(deployed_as):
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:{FUNCTION}"
    api = deployed_as("by-arn", RemotionFunctionName=arn)
    assert api.render(api.sign_up().token).status == 200
