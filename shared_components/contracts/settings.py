"""Settings that several services have."""
from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from shared_components.kernel.return_addresses import is_beginning


def _beginning(value: str) -> None:
    if not is_beginning(value):
        raise ValidationError("only the beginning of an http or https address is allowed, as https://app.example/")


def return_addresses() -> fields.Dict:
    """App → the beginnings of addresses that it may send people back to."""
    beginning = fields.String(validate=[validate.Length(1, 500), _beginning])
    return fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)),
        values=fields.List(beginning, validate=validate.Length(1, 50)),
        load_default=None, allow_none=True, metadata={
            "allowed": "a mapping from an app's name to a list of beginnings of addresses, as https://app.example/pay",
            "meaning": "Where an app may send payers back to; without an entry only to the machine itself"},
    )
