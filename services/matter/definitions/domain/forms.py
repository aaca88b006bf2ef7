"""Values against a definition's form: a flat object that no unknown field may enter."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

from services.matter.definitions.domain.errors import DefinitionOutdated, FormInvalid
from shared_components.kernel.bilingual import Bilingual, chinese
from shared_components.kernel.email_address import EmailAddressInvalid, parse_email_address
from shared_components.kernel.integers import as_integer
from shared_components.kernel.patterns import PatternInvalid, pattern_of

LONGEST_TEXT = 150_000
LARGEST_INTEGER = 2**53 - 1
MAX_STEPS = 20_000_000
"""Of all patterns of one form together (Pattern.steps): about 0.3 s on the slowest texts."""

RULES_ZH: Mapping[str, str] = {
    "minLength": "少于 {limit} 个字符", "maxLength": "超过 {limit} 个字符",
    "minimum": "小于 {limit}", "maximum": "大于 {limit}",
    "exclusiveMinimum": "应大于 {limit}", "exclusiveMaximum": "应小于 {limit}", "multipleOf": "应为 {limit} 的倍数",
    "pattern": "格式不符合要求：{limit}", "format": "格式不正确，应为 {limit}", "const": "只能为 {limit}",
}
TYPES_ZH: Mapping[str, str] = {"string": "文字", "integer": "整数", "number": "数字", "boolean": "是或否"}


def _is_email_address(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_email_address(value))


def _is_date(value: object) -> bool:
    # date.fromisoformat alone also takes 20250101 and 2025-W01-1.
    return not isinstance(value, str) or date.fromisoformat(value).isoformat() == value


_FORMATS = FormatChecker([])
_FORMATS.checks("date", raises=ValueError)(_is_date)
_FORMATS.checks("email", raises=EmailAddressInvalid)(_is_email_address)


def _pattern(_validator: Any, pattern: str, value: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """JSON Schema's `pattern`, by RE2. A value that is too long is told as such, and not searched."""
    if not isinstance(value, str) or len(value) > schema["maxLength"]:
        return
    try:
        compiled = pattern_of(pattern)
    except PatternInvalid as invalid:
        raise DefinitionOutdated(Bilingual(
            f"form has a rule that is not supported: {invalid}",
            f"表单中有不支持的规则：{invalid}")) from None
    if compiled.steps(len(value)) > MAX_STEPS:
        raise DefinitionOutdated(Bilingual(
            "form has a rule that takes too long to check; a shorter pattern is allowed",
            "表单规则校验耗时过长；只允许更短的正则表达式"))
    if not compiled.search(value):
        yield ValidationError("pattern does not match")


_Validator = validators.extend(
    Draft202012Validator, {"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: as_integer(value) is not None),
)


def check_form(form: Mapping[str, Any], values: Mapping[str, Any], *, complete: bool) -> dict[str, Any]:
    """Check the values and give them as they are stored: the integer 2.0 as 2. Raises FormInvalid.

    complete: whether required fields must be there; a draft may lack them.

    A value never stands in the message: what people write in a form is personal.
    """
    schema = {**form, "properties": {name: _bounded(field) for name, field in form["properties"].items()},
              "additionalProperties": False}
    if not complete:
        schema.pop("required", None)
        schema.pop("allOf", None)
    # A field is one text, number or truth value. Lists and mappings, however deep, are not gone into.
    wrong = {
        name: [_of_wrong_type(schema["properties"][name]["type"])]
        for name, value in values.items() if isinstance(value, dict | list) and name in schema["properties"]
    }
    plain = {name: None if isinstance(value, dict | list) else value for name, value in values.items()}
    for name in wrong:
        schema["properties"][name] = {}
    for error in _Validator(schema, format_checker=_FORMATS).iter_errors(plain):
        for field_name, message in _told(error, schema):
            wrong.setdefault(field_name, []).append(message)
    if wrong:
        names = ", ".join(sorted(wrong))
        first = next(iter(wrong.values()))[0]
        raise FormInvalid(Bilingual(
            f"form has mistakes in {names}: {first}",
            f"表单中 {names} 填写有误：{chinese(first)}"), details={"fields": wrong})
    integers = {name for name, field in form["properties"].items() if field["type"] == "integer"}
    return {name: as_integer(value) if name in integers else value for name, value in values.items()}


def _bounded(field: Mapping[str, Any]) -> dict[str, Any]:
    """A field's rules without its texts for people, and with a largest size: nothing without one is computed on."""
    rules = {key: value for key, value in field.items() if key not in ("title", "description")}
    if field["type"] == "string":
        rules.setdefault("maxLength", LONGEST_TEXT)
    elif field["type"] == "integer":
        rules.setdefault("minimum", -LARGEST_INTEGER)
        rules.setdefault("maximum", LARGEST_INTEGER)
    return rules


def _told(error: ValidationError, schema: Mapping[str, Any]) -> list[tuple[str, Bilingual]]:
    field = str(error.absolute_path[0]) if error.absolute_path else ""
    known, limit = ", ".join(schema["properties"]), error.validator_value
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(schema["properties"]))
        told = Bilingual(f"is no field of this form; it has {known}", f"不是本表单的字段；字段有：{known}")
        return [(name[:64], told) for name in unknown]
    if error.validator == "required":
        missing = [name for name in limit if name not in error.instance]
        return [(name, Bilingual("is missing", "未填写")) for name in missing if repr(name) in error.message]
    if error.validator == "enum":
        choices = ", ".join(map(str, limit))
        return [(field, Bilingual(f"is none of the choices; allowed: {choices}", f"不在可选项中；可选：{choices}"))]
    if error.validator == "type":
        return [(field, _of_wrong_type(limit))]
    rule = RULES_ZH.get(str(error.validator), "不符合规则 {rule}：{limit}").format(rule=error.validator, limit=limit)
    return [(field, Bilingual(f"does not keep the rule {error.validator}: {limit}", rule))]


def _of_wrong_type(allowed: str) -> Bilingual:
    return Bilingual(f"is of the wrong type; allowed: {allowed}", f"类型不正确；应为{TYPES_ZH.get(allowed, allowed)}")
