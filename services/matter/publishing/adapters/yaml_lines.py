"""YAML as plain data, with the line of every value: a mistake in a definition is told with its line."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from shared_components.kernel.strict_json import LARGEST_INTEGER, SMALLEST_INTEGER, control_in

Path = tuple[str | int, ...]
MAX_DEPTH = 20
MAX_NODES = 20_000
# libyaml, which is in PyYAML's wheels: its own scanner is 20 times slower, and slower still on open brackets.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlProblem(ValueError):
    """line: from 1."""

    def __init__(self, line: int, message: str, allowed: str) -> None:
        self.line, self.allowed = line, allowed
        super().__init__(message)


class LinedYaml:
    """data: mappings, lists, text, whole numbers, true and false. Nothing is executed or expanded.

    Anchors, aliases and tags are refused: a few lines of them can expand to gigabytes, and no definition needs them.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._nodes = 0
        self.data = self._read(_compose(text), ())

    def line(self, path: Path) -> int:
        """The line of a value; of the nearest thing around it when it is not there."""
        while path not in self._lines and path:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _read(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self._lines.setdefault(path, line)
        self._nodes += 1
        if self._nodes > MAX_NODES or len(path) > MAX_DEPTH:
            raise YamlProblem(line, "document is too large", f"{MAX_NODES} values, {MAX_DEPTH} levels")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._read(child, (*path, index)) for index, child in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode), "a node is a mapping, a sequence or a scalar"
        return _scalar(node, line)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlProblem(line, "a key is no plain word", "keys that are words")
            key = _text(key_node, line)
            if key in found:
                raise YamlProblem(line, f"key {key!r} is there twice", "every key once")
            self._lines[(*path, key)] = line
            found[key] = self._read(value_node, (*path, key))
        return found


def _compose(text: str) -> yaml.Node:
    try:
        _refuse_excess(yaml.parse(text, Loader=LOADER))
        documents = list(_documents(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # libyaml counts a line after the last one, too.
        line = min(mark.line, text.rstrip("\n").count("\n")) + 1 if mark else 1
        raise YamlProblem(line, f"not YAML: {error.problem}", "one YAML document") from None
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise YamlProblem(line, "not YAML: it holds a lone surrogate", "Unicode text") from None
    except yaml.YAMLError:
        raise YamlProblem(1, "not YAML: it holds characters that are not allowed", "printable text") from None
    except RecursionError:
        raise YamlProblem(1, "document is nested too deeply", f"{MAX_DEPTH} levels") from None
    if len(documents) != 1:
        raise YamlProblem(1, f"there are {len(documents)} documents", "one YAML document")
    return documents[0]


def _documents(text: str) -> Iterator[yaml.Node]:
    loader = LOADER(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is not None:
                yield node
    finally:
        loader.dispose()


def _refuse_excess(events: Iterable[yaml.Event]) -> None:
    """Look at the document as it is scanned, and stop at what is too much: composing it would take longer by far."""
    depth = nodes = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        _refuse_expansion(event, line)
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if nodes > 2 * MAX_NODES or depth > MAX_DEPTH + 1:
            raise YamlProblem(line, "document is too large", f"{MAX_NODES} values, {MAX_DEPTH} levels")


def _refuse_expansion(event: yaml.Event, line: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise YamlProblem(line, "there is an anchor or alias", "values written out")
    if getattr(event, "tag", None):
        raise YamlProblem(line, "there is a tag", "plain values")


def _text(node: yaml.ScalarNode, line: int) -> str:
    """Check the characters that escapes stand for; the parser has checked the file's own."""
    text = str(node.value)
    control = control_in(text)
    if control is not None:
        raise YamlProblem(line, f"an escape stands for {control}", "printable text, tabs and line breaks")
    return text


def _scalar(node: yaml.ScalarNode, line: int) -> Any:
    kind = node.tag.rpartition(":")[2]
    text = _text(node, line)
    if kind == "bool":
        return text.lower() in ("yes", "true", "on")
    if kind == "int":
        try:
            number = int(text, 10)
        except ValueError:
            message = f"number {text[:20]!r} is not written in tens"
            raise YamlProblem(line, message, "digits, or text in quotes") from None
        if not SMALLEST_INTEGER <= number <= LARGEST_INTEGER:
            raise YamlProblem(line, "number is out of range", f"{SMALLEST_INTEGER} to {LARGEST_INTEGER}")
        return number
    if kind == "null":
        raise YamlProblem(line, "there is no value", "a value, or no key")
    # A date, a float, anything else that YAML would turn into a thing stays the text that was written.
    return text
