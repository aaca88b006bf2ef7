"""The user that an app logs in as, from its connection.start-ok."""
from __future__ import annotations

import struct
from typing import Any

from amqp.serialization import loads

from shared_components.amqp_proxy.refusal import NOT_ALLOWED, SYNTAX_ERROR, Refusal

MECHANISMS = ("PLAIN", "AMQPLAIN")
LONGEST_USER = 255
_SIZE_AT = struct.Struct(">I").unpack_from


def user_of(arguments: bytes) -> bytes:
    """arguments: of start-ok. The password is not kept. Raises Refusal.

    The broker alone decides whether the login is true; a user that is read wrongly here is one whom it refuses later.
    """
    mechanism, response = _mechanism_and_response(arguments)
    if mechanism == b"PLAIN":
        user = _of_plain(response)
    elif mechanism == b"AMQPLAIN":
        user = _of_amqplain(response)
    else:
        raise Refusal("login-mechanism", NOT_ALLOWED, "the login mechanism is not allowed to an app; allowed are "
                      + " and ".join(MECHANISMS))
    if not 0 < len(user) <= LONGEST_USER:
        raise Refusal("login-mechanism", NOT_ALLOWED,
                      f"the login has no user's name; one of 1 to {LONGEST_USER} bytes is allowed")
    return user


def _mechanism_and_response(arguments: bytes) -> tuple[bytes, bytes]:
    """Client properties (a table), mechanism, response, locale."""
    try:
        at = 4 + _SIZE_AT(arguments, 0)[0]
        mechanism = arguments[at + 1:at + 1 + arguments[at]]
        at += 1 + len(mechanism)
        return mechanism, arguments[at + 4:at + 4 + _SIZE_AT(arguments, at)[0]]
    except (IndexError, struct.error):
        raise Refusal("malformed-frame", SYNTAX_ERROR, "connection.start-ok ends before its arguments do") from None


def _of_plain(response: bytes) -> bytes:
    """NUL, user, NUL, password: RabbitMQ takes no other form."""
    parts = response.split(b"\0")
    return parts[1] if len(parts) == 3 and not parts[0] else b""


def _of_amqplain(response: bytes) -> bytes:
    """A table without its size; keys LOGIN and PASSWORD."""
    try:
        table: dict[str, Any] = loads("F", struct.pack(">I", len(response)) + response, 0)[0][0]
        return str(table.get("LOGIN", "")).encode()
    except Exception:  # whatever py-amqp makes of an app's bytes
        raise Refusal("malformed-frame", SYNTAX_ERROR, "the login's table cannot be read") from None
