"""Why a broker could not be connected to, or ended a channel, in words that hold no secret."""
from __future__ import annotations

import os
import re
import ssl
from typing import Any

from shared_components.bus.amqp import names

_REFUSED_KEY = re.compile(
    rf"ACCESS_REFUSED - access to topic '([^']+)\.{names.CALLS_METHOD}' in exchange '{names.RPC_EXCHANGE}'")


def why(error: BaseException) -> str:
    """error: of py-amqp, aiormq, TLS or a socket."""
    # aiormq wraps what the socket said.
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted ({cause.verify_message.rstrip('.')})"
    if isinstance(cause, ssl.SSLError):
        return f"TLS was not agreed on ({cause.reason or type(cause).__name__})"
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, OSError):
        return _of_socket(cause)
    return _of_broker(error) or type(error).__name__


def no_connection(waited_s: float, last_refusal: str) -> str:
    """last_refusal: as `why` gave it; empty when no try has ended yet."""
    said = f"no connection to the broker within {waited_s:.1f} s"
    return f"{said}; at the last try: {last_refusal}" if last_refusal else said


def refused_service(error: BaseException | None) -> str | None:
    """The service that the broker does not let this user call, when that is why it ended the channel."""
    found = _REFUSED_KEY.search(str(error)) if error is not None else None
    return found[1] if found else None


def _of_socket(error: OSError) -> str:
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    # A name that is not known has a number of its own; that the broker closed the connection has none.
    return error.strerror or str(error) or type(error).__name__


def _of_broker(error: Any) -> str:
    """The broker's own words: py-amqp has them as reply_text, aiormq as the only argument of some."""
    said = getattr(error, "reply_text", None)
    if not said and type(error).__name__ == "ProbableAuthenticationError":
        said = error.args[0] if error.args else ""
    return str(said or "")
