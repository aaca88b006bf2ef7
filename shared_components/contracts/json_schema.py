"""marshmallow schemas as JSON Schema 2020-12, self-contained: nested schemas are written out in place."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from apispec import APISpec
from apispec.exceptions import APISpecError
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields, validate

from shared_components.contracts.base import PUBLIC, rules_of
from shared_components.contracts.deprecation import field_deprecation
from shared_components.contracts.patterns import json_pattern
from shared_components.contracts.strict_fields import SubjectId
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError

Direction = Literal["input", "output"]
CHINESE = "x-description-zh"
"""Beside `description`, which is English: the same in Chinese."""
OBJECT_SIZES = {"minProperties": "minLength", "maxProperties": "maxLength"}


class ContractInvalid(AppError):
    """A declaration that can't be written down as a contract; a mistake of the service's author."""

    code = "contract-invalid"
    texts = {"en": "The service's contract is not valid.", "zh": "服务契约无效。"}


def json_schema(schema: type[Schema], direction: Direction) -> dict[str, Any]:
    """The JSON Schema of what a caller sends (`input`) or reads (`output`).

    An output schema allows more properties than it names: a reply may gain fields, and whoever reads it
    ignores what it does not know. Raises ContractInvalid for a schema that contains itself.
    """
    try:
        written = _converter().schema2jsonschema(schema())
    except APISpecError as wrong:
        raise ContractInvalid(Bilingual(
            f"schema '{schema.__name__}' contains itself; only a schema of bounded depth is allowed",
            f"数据结构“{schema.__name__}”包含自身；只允许有限层级的结构")) from wrong
    whole = _one_way(written, direction)
    return whole | _rules(schema) if direction == "input" else whole


def _rules(schema: type[Schema]) -> dict[str, Any]:
    """Rules over several fields; more than one are joined, so that none hides another."""
    written = [rule.json_schema() for rule in rules_of(schema())]
    return {"allOf": written} if len(written) > 1 else dict(*written)


def _converter() -> Any:
    spec = APISpec("contract", "1", "3.1.0")
    # OpenAPI 3.1 is JSON Schema 2020-12; a resolver that names nothing makes apispec write nested schemas in place.
    converter: Any = OpenAPIConverter("3.1.0", schema_name_resolver=lambda schema: None, spec=spec)
    for function in (_words, _deprecated, _data_class, _media_type, _exclusive_range, _pattern, _constant,
                     _object_size, _names, _types, _subject_id):
        converter.add_attribute_function(function)
    return converter


def _words(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """The field's meaning: English as JSON Schema's own keyword, Chinese beside it."""
    told = {"description": field.metadata.get("en"), CHINESE: field.metadata.get("zh")}
    return {key: value for key, value in told.items() if value is not None}


def _deprecated(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    return field_deprecation(field.metadata)


def _data_class(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    data_class = field.metadata.get("data_class", PUBLIC)
    return {} if data_class == PUBLIC else {"x-data-class": data_class}


def _subject_id(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    return {"x-subject-id": True} if isinstance(field, SubjectId) else {}


def _media_type(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """Source: https://json-schema.org/draft/2020-12/json-schema-validation#section-8"""
    kind = field.metadata.get("media_type")
    return {} if kind is None else {"contentEncoding": "base64", "contentMediaType": kind}


def _exclusive_range(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """apispec writes an exclusive bound as an inclusive one."""
    found: dict[str, Any] = {}
    for validator in field.validators:
        if isinstance(validator, validate.Range):
            if validator.min is not None and not validator.min_inclusive:
                found["exclusiveMinimum"] = validator.min
            if validator.max is not None and not validator.max_inclusive:
                found["exclusiveMaximum"] = validator.max
    return found


def _pattern(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    regexps = [validator.regex for validator in field.validators if isinstance(validator, validate.Regexp)]
    return {"pattern": json_pattern(str(regexps[0].pattern))} if regexps else {}


def _constant(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    return {"const": field.constant} if isinstance(field, fields.Constant) else {}


def _object_size(self: object, field: fields.Field[Any], ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """apispec writes the size of an object as if it were a text's length, which validators then pass over."""
    if not isinstance(field, fields.Mapping):
        return {}
    return {written: ret.pop(length) for written, length in OBJECT_SIZES.items() if length in ret}


def _names(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """apispec leaves out what an object's names may be."""
    if not isinstance(field, fields.Mapping) or field.key_field is None:
        return {}
    found: dict[str, Any] = {}
    for validator in field.key_field.validators:
        if isinstance(validator, validate.Length):
            sizes = {"minLength": validator.min, "maxLength": validator.max}
            found |= {keyword: size for keyword, size in sizes.items() if size is not None}
    return {"propertyNames": found} if found else {}


def _types(self: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """A field kind that takes more than one of JSON's types names them in `json_types`."""
    types = getattr(field, "json_types", None)
    return {} if types is None else {"type": list(types)}


def _one_way(written: Mapping[str, Any], direction: Direction) -> dict[str, Any]:
    """Leave out what the other direction alone carries, all the way down."""
    result: dict[str, Any] = {}
    hidden = "readOnly" if direction == "input" else "writeOnly"
    for key, value in written.items():
        if key == "properties":
            result[key] = {
                name: _one_way(inner, direction) for name, inner in value.items() if not inner.get(hidden)
            }
        elif key == "required":
            properties = written.get("properties", {})
            result[key] = sorted(name for name in value if not properties.get(name, {}).get(hidden))
        elif direction == "output" and (key == "default" or (key == "additionalProperties" and value is False)):
            continue
        elif key not in ("readOnly", "writeOnly"):
            result[key] = _one_way(value, direction) if isinstance(value, Mapping) else value
    return result
