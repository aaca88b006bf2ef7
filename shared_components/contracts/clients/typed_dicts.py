"""JSON Schemas of a contract as Python's TypedDicts."""
from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared_components.contracts.json_schema import CHINESE, ContractInvalid
from shared_components.kernel.bilingual import Bilingual

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
Schema = Mapping[str, Any]


def class_name(*parts: str) -> str:
    """`create_order`, `reply` → `CreateOrderReply`."""
    words = [word for part in parts for word in part.replace("-", "_").replace(".", "_").split("_")]
    return "".join(word[:1].upper() + word[1:] for word in words if word)


def words_of(described: Schema, english: str = "description", chinese: str = CHINESE) -> str:
    """The meaning in both languages, safe inside a docstring."""
    told = " ".join(str(described[key]).strip() for key in (english, chinese) if described.get(key))
    return told.replace("\\", "\\\\").replace('"""', "'''").removesuffix('"')


@dataclass
class TypedDicts:
    """Classes of one module, in the order in which they need each other.

    sending: the values go to the service; a caller may then give any sequence or mapping.
    prefix: stands before the names of classes in `parameters`, such as `types.`.
    """

    sending: bool
    classes: dict[str, str] = field(default_factory=dict)
    prefix: str = ""
    _names: dict[str, str] = field(default_factory=dict)

    def annotation(self, schema: Schema, name: str) -> str:
        """The type of a value. An object with fields becomes a class with this name."""
        if "enum" in schema:
            return "Literal[" + ", ".join(_literal(value) for value in schema["enum"]) + "]"
        kinds = schema.get("type")
        if kinds is None:
            return "Any"
        found = [self._kind(kind, schema, name) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
        return " | ".join(dict.fromkeys(found))

    def add(self, schema: Schema, name: str) -> str:
        """Write a class for an object; gives its name, or that of a class with the same fields."""
        required = set(schema.get("required", ()))
        lines = []
        for key, inner in sorted(schema.get("properties", {}).items()):
            kind = self.annotation(inner, name + class_name(key))
            lines.append(f"    {key}: {kind if key in required else f'NotRequired[{kind}]'}")
            if told := words_of(inner):
                lines.append(f'    """{told}"""')
        fields = "\n".join(lines or ["    pass"])
        if fields not in self._names:
            self._names[fields] = name
            self.classes[name] = f"class {name}(TypedDict):\n{fields}"
        return self._names[fields]

    def add_named(self, schema: Schema, name: str) -> str:
        """Write a class under this name, or a second name for the class with the same fields."""
        known = self.add(schema, name)
        if known != name:
            self.classes[name] = f"{name} = {known}"
        return name

    def parameters(self, schema: Schema, name: str) -> Iterator[str]:
        """The fields of a request as arguments, the required ones first."""
        required = set(schema.get("required", ()))
        fields = schema.get("properties", {})
        for key in sorted(fields, key=lambda key: (key not in required, key)):
            kind = self._qualified(self.annotation(fields[key], name + class_name(key)))
            yield f"{_argument(key)}: {kind}" if key in required else f"{_argument(key)}: {kind} = ..."

    def _qualified(self, annotation: str) -> str:
        return re.sub(r"(?<![\"\w])\w+(?![\"\w])", lambda word: (
            self.prefix + word[0] if word[0] in self.classes else word[0]), annotation)

    def _kind(self, kind: str, schema: Schema, name: str) -> str:
        if kind == "array":
            inner = self.annotation(schema.get("items", {}), name)
            return f"Sequence[{inner}]" if self.sending else f"list[{inner}]"
        if kind != "object":
            return _PLAIN[kind]
        if schema.get("properties"):
            return self.add(schema, name)
        values = schema.get("additionalProperties")
        inner = self.annotation(values, name) if isinstance(values, Mapping) and values else "Any"
        return f"Mapping[str, {inner}]" if self.sending else f"dict[str, {inner}]"


def _argument(key: str) -> str:
    if not key.isidentifier() or keyword.iskeyword(key):
        raise ContractInvalid(Bilingual(
            f"field '{key}' is no name in Python; a letter, then letters, digits and _ are allowed",
            f"字段“{key}”不能作为 Python 名称；只允许以字母开头，后接字母、数字和下划线"))
    return key


def _literal(value: Any) -> str:
    return "None" if value is None else _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
