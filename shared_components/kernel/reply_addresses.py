"""Which `reply_to` may be written to. RabbitMQ 3.10 ends the connection that publishes to one that it cannot decode.

A direct reply-to token names a process of the broker: base64 of the process's external term, a dot, base64 of a key of
16 bytes. Its form is checked here. That its node is one of this broker's cannot be seen in it: reply_nodes.py tries
that on a connection that may be lost.
"""
from __future__ import annotations

import base64
import binascii
import re
import struct
from functools import lru_cache

DIRECT_REPLY_TO = "amq.rabbitmq.reply-to"
PREFIX = DIRECT_REPLY_TO + "."
NAMEKO = "nameko"
KEY_BYTES = 16
# In lower case, as nameko writes them: the broker's topic permissions let a service write no others.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_NODE = re.compile(rb"reply@(0|[1-9][0-9]{0,8})\Z")
# External term format: 131, NEW_PID_EXT or PID_EXT, ATOM_UTF8_EXT or SMALL_ATOM_UTF8_EXT.
_VERSION, _NEW_PID, _PID, _ATOM, _SMALL_ATOM = 131, 88, 103, 118, 119
# Ids and serials below these exist on every release of Erlang; whether a larger one decodes depends on the release.
_USUAL_ID, _USUAL_SERIAL = 1 << 28, 1 << 13


def token(node: str, process_id: int, serial: int, creation: int, key: bytes) -> str:
    """A direct reply-to token, as RabbitMQ writes it."""
    name = node.encode()
    term = struct.pack(">BBBH", _VERSION, _NEW_PID, _ATOM, len(name)) + name + struct.pack(
        ">III", process_id, serial, creation)
    return f"{PREFIX}{base64.b64encode(term).decode()}.{base64.b64encode(key).decode()}"


@lru_cache(maxsize=4096)
def node_of(address: object) -> str | None:
    """Give the broker node that an address names, to be checked before a reply. None: it is no reply address.

    NAMEKO for nameko's routing keys, which are UUIDs on the exchange of calls.
    """
    if not isinstance(address, str):
        return None
    if not address.startswith(PREFIX):
        return NAMEKO if _UUID.match(address) else None
    process, dot, key = address[len(PREFIX):].partition(".")
    term, secret = _decoded(process), _decoded(key)
    if not dot or term is None or secret is None or len(secret) != KEY_BYTES:
        return None
    return _process_node(term)


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None


def _process_node(term: bytes) -> str | None:
    if len(term) < 5 or term[0] != _VERSION or term[1] not in (_NEW_PID, _PID) or term[2] not in (_ATOM, _SMALL_ATOM):
        return None
    begin = 5 if term[2] == _ATOM else 4
    length = int.from_bytes(term[3:begin], "big")
    node, rest = term[begin:begin + length], term[begin + length:]
    if len(rest) != (12 if term[1] == _NEW_PID else 9) or not _NODE.match(node):
        return None
    process_id, serial = struct.unpack_from(">II", rest)
    usual = process_id < _USUAL_ID and serial < _USUAL_SERIAL
    return node.decode() if usual else f"{node.decode()} {rest.hex()}"
