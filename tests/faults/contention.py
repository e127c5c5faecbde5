"""Transactions that meet, as DynamoDB has it and the local AWS does not.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
"""

import json
import threading
import time

from relay import Exchange, Reply

# How long a transaction takes, and at most the first one, which waits until another has met it.
SECONDS = 0.02
FIRST = 10


class Contention:
    """What is being written. A transaction that meets another one is canceled."""

    def __init__(self):
        self._met = threading.Event()
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        """Plays on a transaction."""
        keys = [_key(write) for write in json.loads(exchange.body)["TransactItems"]]
        with self._lock:
            met = [key in self._busy for key in keys]
            if not any(met):
                self._busy.update(keys)
        if any(met):
            self._met.set()
            exchange.send(_canceled(met))
            return
        self._met.wait(FIRST)
        time.sleep(SECONDS)
        # The local AWS carries out one after another, however long it takes.
        with self._lock:
            self._busy.difference_update(keys)
        exchange.send(exchange.carry_out())

    @property
    def conflicts(self) -> bool:
        return self._met.is_set()


def _key(write: dict) -> str:
    (of,) = write.values()
    item = of.get("Key") or of["Item"]
    return f"{item['pk']['S']} {item['sk']['S']}"


def _canceled(met: list[bool]) -> Reply:
    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
        "CancellationReasons": [{"Code": "TransactionConflict" if each else "None"} for each in met],
    }
    return Reply(400, json.dumps(body).encode(), {"Content-Type": "application/x-amz-json-1.0"})
