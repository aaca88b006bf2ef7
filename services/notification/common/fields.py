"""Fields that several messages have."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.notification.common.channels import BUILT, LOCALES, PLANNED, check_channel
from shared_components.contracts import Message
from shared_components.contracts.strict_fields import Integer

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}


class ForChannel(Message):
    """A request that names a channel. A planned one is refused as such, whatever else is wrong with the request."""

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **_: Any) -> None:
        """Raises ChannelNotBuilt."""
        for item in data if many else [data]:
            if isinstance(item, Mapping) and item.get("channel") in PLANNED:
                check_channel(item["channel"])


def code(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"^[a-z0-9][a-z0-9._-]{0,63}\Z"), **kwargs)


def limited_text(longest: int, **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(min=1, max=longest), **kwargs)


def channel(**kwargs: Any) -> fields.String:
    """A planned channel passes here and gets its own typed error."""
    return fields.String(validate=validate.OneOf((*BUILT, *PLANNED)), **kwargs)


def locale(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(LOCALES), **kwargs)


class Value(fields.String):
    """A value for a placeholder: text or a whole number; a float has no one way to be written."""

    json_types = ("string", "integer")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) is int or type(value) is float:
            return str(Integer().deserialize(value))
        return super()._deserialize(value, attr, data, **kwargs)


def values(*, metadata: Mapping[str, Any]) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)), values=Value(validate=validate.Length(max=10_000)),
        load_default=dict, validate=validate.Length(max=100), metadata={**metadata, **PERSONAL},
    )  # fmt: skip
