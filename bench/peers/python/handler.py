"""The same handler on Remotion's official client for Python."""

import json
import os

from remotion_lambda import RemotionClient, RenderMediaParams

client = RemotionClient(
    region=os.environ["AWS_REGION"],
    serve_url=os.environ["REMOTION_SERVE_URL"],
    function_name=os.environ["REMOTION_FUNCTION_NAME"],
)


def handler(event, _context):
    options = json.loads(event.get("body") or "{}")
    params = RenderMediaParams(composition=options["composition"], input_props=options.get("inputProps", {}))
    started = client.render_media_on_lambda(params)
    answer = {"message": "SUCCESS", "bucketName": started.bucket_name, "renderId": started.render_id}
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(answer)}
