"""Values against a definition's form: a flat object that no unknown field may enter."""
from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from services.matter.domain.errors import FormInvalid
from shared_components.kernel.email_address import EmailAddressInvalid, parse_email_address


def _is_email_address(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_email_address(value))


_FORMATS = FormatChecker(["date"])
_FORMATS.checks("email", raises=EmailAddressInvalid)(_is_email_address)


def check_form(form: Mapping[str, Any], values: Mapping[str, Any], *, complete: bool) -> None:
    """Raises FormInvalid. complete: whether required fields must be there; a draft may lack them.

    A value never stands in the message: what people write in a form is personal.
    """
    schema: dict[str, Any] = {**copy.deepcopy(dict(form)), "additionalProperties": False}
    for field in schema["properties"].values():
        # Texts for people: in JSON Schema these two keywords are plain strings and mean nothing to validation.
        field.pop("title", None)
        field.pop("description", None)
    if not complete:
        schema.pop("required", None)
        schema.pop("allOf", None)
    wrong: dict[str, list[str]] = {}
    for error in Draft202012Validator(schema, format_checker=_FORMATS).iter_errors(dict(values)):
        for field_name, message in _told(error, schema):
            wrong.setdefault(field_name, []).append(message)
    if wrong:
        names = ", ".join(sorted(wrong))
        first = next(iter(wrong.values()))[0]
        raise FormInvalid(f"form has mistakes in {names}: {first}", details={"fields": wrong})


def _told(error: ValidationError, schema: Mapping[str, Any]) -> list[tuple[str, str]]:
    field = str(error.absolute_path[0]) if error.absolute_path else ""
    known = ", ".join(schema["properties"])
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(schema["properties"]))
        return [(name[:64], f"is no field of this form; it has {known}") for name in unknown]
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return [(name, "is missing") for name in missing if repr(name) in error.message]
    if error.validator == "enum":
        return [(field, f"is none of the choices; allowed: {', '.join(map(str, error.validator_value))}")]
    if error.validator == "type":
        return [(field, f"is of the wrong type; allowed: {error.validator_value}")]
    return [(field, f"does not keep the rule {error.validator}: {error.validator_value}")]
