"""Field kinds that messages of reconciliation share."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate


def channel_name(**options: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"^[a-z][a-z0-9_-]{0,19}\Z"), **options)


def one_of(choices: Any, **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(choices), **options)
