"""How renders end, as whoever listens to a deployment's event bus hears it."""

import json

from deployed import Deployed
from patience import until

PATTERN = {"source": ["remotion-render-api"], "detail-type": ["Render State Change"]}


class Told:
    """A rule on the deployment's bus, with a queue behind it: what an operator sets up to hear of ends."""

    def __init__(self, api: Deployed):
        self.events: list[dict] = []
        self._sqs = api.aws("sqs")
        name = f"{api.stack}-ends"
        self._queue = self._sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])["Attributes"]
        events, bus = api.aws("events"), api.resource("EventBus")
        events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(PATTERN))
        target = {"Id": "queue", "Arn": attributes["QueueArn"]}
        assert events.put_targets(Rule=name, EventBusName=bus, Targets=[target])["FailedEntryCount"] == 0

    def of(self, render_id: str) -> list[dict]:
        """Every event of a render so far, with EventBridge's envelope."""
        while messages := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self.events.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return [event for event in self.events if event["detail"]["renderId"] == render_id]

    def wait_for(self, render_id: str, seconds: float = 180) -> dict:
        """The first event of a render."""
        return until(lambda: self.of(render_id), seconds=seconds)[0]
