"""The nodes of a cluster of brokers in one URL: `amqp://user:password@one:5672,two:5672,three:5672/virtual-host`.

libpq writes several hosts in the same way.
"""
from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def nodes_of(url: str) -> list[str]:
    """Give the URL of each node; of one node it is the URL itself."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return [url]  # as it is: urlunsplit makes `inproc:` of `inproc://`
    return [urlunsplit(parts._replace(netloc=f"{login}{at}{host}")) for host in hosts.split(",")]


def in_any_order(url: str) -> list[str]:
    """Give the nodes for the next try to connect, so that many clients spread over them."""
    import random

    nodes = nodes_of(url)
    return random.sample(nodes, len(nodes))
