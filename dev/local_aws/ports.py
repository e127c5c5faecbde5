"""Ports for servers that other processes open."""

import random
import socket

# Below those that Linux (from 32768) and macOS (from 49152) give to connections and to who asks for any: what is picked
# here is not given away before its server listens.
FIRST, LAST = 20_000, 32_000
TRIES = 100


def free_port() -> int:
    """One that nobody listens at."""
    for _ in range(TRIES):
        port = random.randint(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"none of {TRIES} ports between {FIRST} and {LAST} is free")
