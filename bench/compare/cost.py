"""What a million starts and a million polls cost, by measured durations and AWS's list prices in us-east-1."""

from dataclasses import dataclass

# Source: https://aws.amazon.com/lambda/pricing/, https://aws.amazon.com/dynamodb/pricing/on-demand/,
# https://aws.amazon.com/s3/pricing/; in USD, on arm64, without the free tiers.
GB_SECOND = 0.0000133334
LAMBDA_REQUEST = 0.20e-6
DYNAMODB_READ = 0.125e-6
S3_GET = 0.40e-6

# In MB: Remotion's function, as its documentation deploys it; a Node.js handler, which does not fit well into 128.
RENDER_FUNCTION = 2_048
NODE = 256
OURS = 128


@dataclass(frozen=True)
class Row:
    what: str
    who: str
    memory_mb: int
    billed_ms: float
    dollars: float


def million(memory_mb: int, ms: float, besides: float = 0) -> float:
    """Of requests that take so long each; `besides` is what else each costs. AWS bills in steps of a millisecond."""
    billed = -(-ms // 1) / 1_000
    return 1e6 * (LAMBDA_REQUEST + memory_mb / 1_024 * billed * GB_SECOND + besides)


def row(what: str, who: str, memory_mb: int, ms: float, besides: float = 0) -> Row:
    return Row(what, who, memory_mb, ms, million(memory_mb, ms, besides))
