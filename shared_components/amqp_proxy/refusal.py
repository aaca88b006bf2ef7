"""Refusals of the AMQP proxy: an AMQP reply code and a text."""
from __future__ import annotations

from dataclasses import dataclass

# The reply codes of AMQP 0-9-1. All end the connection; what a message of too many bytes gets is what RabbitMQ says.
CONNECTION_FORCED, PRECONDITION_FAILED, FRAME_ERROR, SYNTAX_ERROR, UNEXPECTED_FRAME = 320, 406, 501, 502, 505
RESOURCE_ERROR, NOT_ALLOWED = 506, 530


@dataclass
class Refusal(Exception):
    """reason: one of a few words, for metrics. code: of AMQP. text: subject, what is, what is allowed.

    before: what came with it, ahead of the frame that is refused.
    """

    reason: str
    code: int
    text: str
    before: bytes = b""
