"""A definition file: YAML → schema → checks, every mistake with its line and what is allowed."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from services.matter.definitions.domain.check import find_problems
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.definitions.domain.kind_rules import Rules
from services.matter.definitions.domain.problems import LinedProblem, Problem
from services.matter.kinds.registry import KINDS
from services.matter.publishing.adapters.yaml_lines import LinedYaml, YamlProblem
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.patterns import pattern_of


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """JSON Schema's `pattern`, by RE2: Python's `$` would also match before a line break at the end."""
    if isinstance(value, str) and not pattern_of(pattern).search(value):
        yield ValidationError("pattern does not match")


def _unique_items(_validator: Any, wanted: bool, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """JSON Schema's `uniqueItems` in one pass; jsonschema compares each with each when kinds are mixed."""
    if wanted and isinstance(value, list) and len({json.dumps(item, sort_keys=True) for item in value}) < len(value):
        yield ValidationError("items are not unique")


_Validator = validators.extend(Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique_items})


class DefinitionFile:
    """data: has passed the schema and the checks."""

    def __init__(self, document: LinedYaml) -> None:
        self._document = document
        self.data: Mapping[str, Any] = document.data

    def told(self, problems: Sequence[Problem]) -> list[LinedProblem]:
        """Problems with their lines, in the order of these."""
        return _in_order(_problem(self._document.line(p.path), p.path, p.message, p.allowed) for p in problems)


def read_definition(text: str, rules: Rules = KINDS.rules) -> Mapping[str, Any]:
    """The definition's data. Raises DefinitionInvalid with every mistake that can be seen at once."""
    return read_file(text, rules).data


def read_file(text: str, rules: Rules = KINDS.rules) -> DefinitionFile:
    """Raises DefinitionInvalid with every mistake that can be seen at once."""
    try:
        document = LinedYaml(text)
    except YamlProblem as problem:
        raise DefinitionInvalid.of([_problem(problem.line, (), problem.message, problem.allowed)]) from None
    file = DefinitionFile(document)
    problems = _in_order(_schema_problems(document, rules)) or file.told(find_problems(document.data, rules))
    if problems:
        raise DefinitionInvalid.of(problems)
    return file


def _in_order(problems: Iterable[LinedProblem]) -> list[LinedProblem]:
    return sorted(problems, key=lambda problem: problem.line)


def definition_schema(rules: Rules = KINDS.rules) -> Mapping[str, Any]:
    """The JSON Schema of definitions: the shipped frame, with the kinds of steps and their settings."""
    file = resources.files("services.matter") / "definitions" / "schema.json"
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    step = schema["$defs"]["step"]
    step["properties"]["kind"]["enum"] = list(rules.by_name)
    step["properties"]["compensation"]["enum"] = rules.compensations
    step["allOf"] = [_settings_of(kind) for kind in rules.by_name]
    schema["$defs"] |= {f"kind_{kind.name}": kind.settings for kind in rules.by_name.values()}
    return schema


def _settings_of(kind: str) -> dict[str, Any]:
    """The rule that a step of a kind has the settings of the kind."""
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"properties": {"with": {"$ref": f"#/$defs/kind_{kind}"}}, "required": ["with"]},
    }


@cache
def _validator(rules: Rules) -> Any:
    return _Validator(dict(definition_schema(rules)))


def _schema_problems(document: LinedYaml, rules: Rules) -> Iterator[LinedProblem]:
    for error in _validator(rules).iter_errors(document.data):
        path = tuple(error.absolute_path)
        for where, message, allowed in _told(error, path):
            yield _problem(document.line(where), where, message, allowed)


def _told(error: ValidationError, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """jsonschema's error as sentences; an unknown key is told at its own line."""
    rule, subject = error.validator, _subject(path)
    zh = subject.zh
    if rule == "additionalProperties" and isinstance(error.instance, dict):
        known = sorted(error.schema.get("properties", {}))
        for key in sorted(set(error.instance) - set(known)):
            yield (*path, key), Bilingual(
                f"{subject} has unknown key {key!r}", f"{zh} 含有未知的键“{key}”"), ", ".join(known)
    elif rule == "required":
        key = _quoted(error.message)
        yield path, Bilingual(f"{subject} lacks {key!r}", f"{zh} 缺少“{key}”"), ", ".join(error.validator_value)
    elif rule == "enum":
        yield path, Bilingual(
            f"{subject} is {error.instance!r}", f"{zh} 的值为 {error.instance!r}"), ", ".join(
                map(str, error.validator_value))
    elif rule == "type":
        name = _type_name(error.instance)
        yield path, Bilingual(f"{subject} is a {name}", f"{zh} 的类型为 {name.zh}"), str(error.validator_value)
    else:
        yield path, Bilingual(
            f"{subject} is not allowed as it is", f"{zh} 的值不符合要求"), f"{rule}: {error.validator_value!r}"


def _subject(path: tuple[str | int, ...]) -> Bilingual:
    name = repr(".".join(map(str, path)))
    return Bilingual(name, name) if path else Bilingual("the document", "文件")


def _quoted(message: str) -> str:
    match = re.match(r"'([^']*)'", message)
    return match[1] if match else message


def _type_name(value: object) -> Bilingual:
    names = {
        dict: Bilingual("mapping", "映射"), list: Bilingual("list", "列表"), str: Bilingual("text", "文本"),
        bool: Bilingual("true/false value", "真假值"), int: Bilingual("number", "数字")}
    return names.get(type(value)) or Bilingual(type(value).__name__, type(value).__name__)


def _problem(line: int, path: tuple[str | int, ...], message: str, allowed: str) -> LinedProblem:
    return LinedProblem(line, ".".join(map(str, path)) or "definition", message, allowed)
