"""Requests, replies and events of the laboratory's services."""
from __future__ import annotations

from marshmallow import fields, validate

from shared_components.contracts.base import Message


class Keep(Message):
    """seconds: how long the handler takes. aggregate: when given, effects of one aggregate are numbered 1, 2, …"""

    key = fields.String(required=True, validate=validate.Length(1, 100))
    seconds = fields.Float(load_default=0.0, validate=validate.Range(0, 60))
    aggregate = fields.String(load_default="", validate=validate.Length(max=100))
    fails = fields.Integer(load_default=0)


class Kept(Message):
    key = fields.String(required=True)
    aggregate = fields.String()
    sequence = fields.Integer()
    fails = fields.Integer()


class Text(Message):
    text = fields.String(required=True)
