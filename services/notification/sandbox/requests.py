"""Bodies of requests to the sandbox."""
from __future__ import annotations

from marshmallow import Schema, fields, validate

GROUP = 100


def _text(longest: int, shortest: int = 1) -> fields.String:
    return fields.String(required=True, validate=validate.Length(shortest, longest))


class MessageBody(Schema):
    message_id = _text(64)
    number = fields.String(required=True, validate=validate.Regexp(r"^\+[1-9][0-9]{5,14}\Z"))
    signature = _text(20, 0)
    body = _text(2000)


class MessagesBody(Schema):
    account = _text(64)
    notify_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})
    messages = fields.List(fields.Nested(MessageBody), required=True, validate=validate.Length(1, GROUP))


class QueryBody(Schema):
    account = _text(64)
    message_ids = fields.List(_text(64), required=True, validate=validate.Length(1, GROUP))


class ReceivedBody(Schema):
    """A person's text to the service."""

    account = _text(64)
    notify_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})
    number = _text(32)
    body = _text(2000)
    service_number = _text(32)
