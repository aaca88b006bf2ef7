"""Field kinds that take what their JSON Schema says, and nothing else.

marshmallow's own are made for forms: its Integer takes "50" and 50.7, its Date 20200101, its Boolean "on".
`Message` turns each of these into the kind of the same name here, so that none can be declared by mistake.
"""
from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError, fields

from shared_components.kernel.bilingual import Bilingual, chinese
from shared_components.kernel.dates import DATE_FORM, TIME_FORM, parse_date, parse_time
from shared_components.kernel.integers import EXACT_AS_FLOAT, as_integer


class Integer(fields.Integer):
    """A whole number; 50.0 is one, as in JSON Schema."""

    default_error_messages = {"invalid": Bilingual("Not a whole number.", "应为整数。")}

    def _validated(self, value: Any) -> int:
        integer = as_integer(value)
        if integer is None:
            raise self.make_error("invalid", input=value)
        return integer


class Float(fields.Float):
    """A finite number."""

    default_error_messages = {"invalid": Bilingual("Not a number.", "应为数字。")}

    def _validated(self, value: Any) -> float:
        if type(value) is int and abs(value) <= EXACT_AS_FLOAT:
            return float(value)
        if type(value) is float and math.isfinite(value):
            return value
        raise self.make_error("invalid", input=value)


class Boolean(fields.Boolean):
    default_error_messages = {"invalid": Bilingual("Not true or false.", "应为 true 或 false。")}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        raise self.make_error("invalid", input=value)


class Date(fields.Date):
    default_error_messages = {"invalid": Bilingual(
        f"Not a date; {DATE_FORM} is allowed.",
        f"不是有效日期，格式应为 {DATE_FORM}。")}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        try:
            return parse_date(value)
        except (TypeError, ValueError):
            raise self.make_error("invalid", input=value) from None


class AwareDateTime(fields.AwareDateTime):
    """A time with its offset, that exists in UTC and in China."""

    default_error_messages = {"invalid": Bilingual(
        f"Not a time; {TIME_FORM} is allowed.",
        "不是有效时间，格式应为 YYYY-MM-DDThh:mm:ssZ，或以 +08:00 等时区偏移代替 Z。")}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        try:
            return parse_time(value)
        except TypeError:
            raise self.make_error("invalid", input=value) from None
        except ValueError as wrong:
            raise ValidationError(Bilingual(
                f"Not a time: {wrong}.",
                f"不是有效时间：{chinese(wrong.args[0])}。")) from None


class IP(fields.IP):
    """An address of IPv4 or IPv6, without a zone, as text."""

    default_error_messages = {"invalid_ip": Bilingual("Not an IP address.", "不是有效的 IP 地址。")}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if type(value) is not str or "%" in value:
            raise self.make_error("invalid_ip")
        return str(super()._deserialize(value, attr, data, **kwargs))


class SubjectId(fields.String):
    """The id of a subject. Services read and write the real one; apps know another, see subject_ids.py."""


_STRICT: Mapping[type[fields.Field[Any]], type[fields.Field[Any]]] = {
    fields.Integer: Integer, fields.Float: Float, fields.Boolean: Boolean, fields.Date: Date,
    fields.AwareDateTime: AwareDateTime, fields.IP: IP,
}  # fmt: skip
_LOOSE = (
    fields.Number, fields.DateTime, fields.Date, fields.Time, fields.TimeDelta, fields.Boolean, fields.UUID, fields.IP,
    fields.IPInterface, fields.Enum, fields.Tuple, fields.Pluck, fields.Method, fields.Function,
)


class LooseField(TypeError):
    """A mistake of the schema's author."""


def strict(name: str, field: Any) -> Any:
    """The field as its strict kind, and all within it. Raises LooseField for one that has no strict kind."""
    kind = type(field)
    if kind in _STRICT:
        field = _as(_STRICT[kind], field)
    elif isinstance(field, _LOOSE) and kind not in _STRICT.values():
        raise LooseField(
            f"field '{name}' is a {kind.__module__}.{kind.__name__}, which takes more than its JSON Schema says; "
            f"String, Nested, List, Dict and {', '.join(sorted(one.__name__ for one in _STRICT))} are allowed")
    if isinstance(field, fields.List):
        field = copy.copy(field)
        field.inner = strict(name, field.inner)
    if isinstance(field, fields.Mapping):
        field = copy.copy(field)
        field.key_field = field.key_field and strict(name, field.key_field)
        field.value_field = field.value_field and strict(name, field.value_field)
    return field


def _as(kind: type[fields.Field[Any]], field: fields.Field[Any]) -> fields.Field[Any]:
    made: fields.Field[Any] = kind.__new__(kind)
    made.__dict__.update(field.__dict__)
    made.error_messages = {**field.error_messages, **kind.default_error_messages}
    return made
