"""What a team that uses Remotion Lambda has in its account already: the bucket, the site, the render function."""

import io
import json
import mimetypes
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from .exclusion import exclusively
from .settings import BUCKET, DEV, FUNCTION, PROJECT, REGION, SITE, Settings

SITE_BUNDLE = PROJECT / "target" / "site"


def client(service: str, endpoint: str):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def bundle_site() -> None:
    """Bundles the demo site, unless it is there and newer than its sources."""
    index = SITE_BUNDLE / "index.html"
    sources = [*(DEV / "site").iterdir(), DEV / "package-lock.json"]
    with exclusively(SITE_BUNDLE.with_suffix(".lock")):
        if index.exists() and index.stat().st_mtime > max(path.stat().st_mtime for path in sources):
            return
        subprocess.run(["node", DEV / "site" / "bundle.mjs", SITE_BUNDLE], check=True)


def create_bucket(settings: Settings) -> None:
    """A bucket whose objects may be public, by policy and by ACL, as `npx remotion lambda sites create` leaves it."""
    s3 = client("s3", settings.endpoint)
    s3.create_bucket(Bucket=BUCKET, ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket=BUCKET)
    public_site = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/sites/*",
    }
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [public_site]}))


def upload_site(settings: Settings) -> None:
    s3 = client("s3", settings.endpoint)

    def upload(path: Path) -> None:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        key = f"sites/{SITE}/{path.relative_to(SITE_BUNDLE)}"
        s3.upload_file(str(path), BUCKET, key, ExtraArgs={"ContentType": kind})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(upload, (path for path in SITE_BUNDLE.rglob("*") if path.is_file())))


def create_function(settings: Settings, name: str = FUNCTION) -> None:
    """A function that MiniStack forwards to the host of Remotion's own code."""
    role = _create_role(settings)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", "// The host runs the code of @remotion/lambda.")
    try:
        client("lambda", settings.endpoint).create_function(
            FunctionName=name,
            Runtime="nodejs22.x",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": code.getvalue()},
            Timeout=120,
            MemorySize=2048,
            Environment={"Variables": {"MINISTACK_LAMBDA_PROXY_URL": f"{settings.host}/forwarded/{name}"}},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceConflictException":
            raise


def _create_role(settings: Settings) -> str:
    """The role that Remotion's documentation has its users create; the host runs as the account's root instead."""
    iam = client("iam", settings.endpoint)
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    try:
        created = iam.create_role(
            RoleName="remotion-lambda-role",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )
        return created["Role"]["Arn"]
    except iam.exceptions.EntityAlreadyExistsException:
        return iam.get_role(RoleName="remotion-lambda-role")["Role"]["Arn"]
