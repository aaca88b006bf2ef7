"""YAML as plain data, with the line of every value: a mistake in a definition is told with its line."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.strict_json import LARGEST_INTEGER, SMALLEST_INTEGER, control_in

Path = tuple[str | int, ...]
MAX_DEPTH = 20
MAX_NODES = 20_000
TOO_LARGE, ROOM = Bilingual("document is too large", "文件过大"), Bilingual(
    f"{MAX_NODES} values, {MAX_DEPTH} levels", f"{MAX_NODES} 个值、{MAX_DEPTH} 层以内")
ONCE, ONE_DOCUMENT = Bilingual("every key once", "每个键只出现一次"), Bilingual("one YAML document", "一个 YAML 文档")
PRINTABLE = Bilingual("printable text", "可打印文本")
PRINTABLE_LINES = Bilingual("printable text, tabs and line breaks", "可打印文本、制表符和换行")
# libyaml, which is in PyYAML's wheels: its own scanner is 20 times slower, and slower still on open brackets.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlProblem(ValueError):
    """line: from 1."""

    def __init__(self, line: int, message: str, allowed: str) -> None:
        self.line, self.message, self.allowed = line, message, allowed
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
            raise YamlProblem(line, TOO_LARGE, ROOM)
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
                raise YamlProblem(
                    line,
                    Bilingual("a key is no plain word", "键不是普通文本"),
                    Bilingual("keys that are words", "文本形式的键"))
            key = _text(key_node, line)
            if key in found:
                raise YamlProblem(line, Bilingual(f"key {key!r} is there twice", f"键“{key}”重复"), ONCE)
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
        raise YamlProblem(
            line,
            Bilingual(f"not YAML: {error.problem}", f"不是 YAML：{error.problem}"),
            ONE_DOCUMENT) from None
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise YamlProblem(
            line,
            Bilingual("not YAML: it holds a lone surrogate", "不是 YAML：含有孤立的代理字符"),
            Bilingual("Unicode text", "Unicode 文本")) from None
    except yaml.YAMLError:
        raise YamlProblem(
            1,
            Bilingual("not YAML: it holds characters that are not allowed", "不是 YAML：含有不允许的字符"),
            PRINTABLE) from None
    except RecursionError:
        raise YamlProblem(1, Bilingual("document is nested too deeply", "文件嵌套过深"), ROOM) from None
    if len(documents) != 1:
        raise YamlProblem(
            1,
            Bilingual(f"there are {len(documents)} documents", f"共有 {len(documents)} 个文档"),
            ONE_DOCUMENT)
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
            raise YamlProblem(line, TOO_LARGE, ROOM)


def _refuse_expansion(event: yaml.Event, line: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise YamlProblem(
            line,
            Bilingual("there is an anchor or alias", "含有锚点或别名"),
            Bilingual("values written out", "逐一写出的值"))
    if getattr(event, "tag", None):
        raise YamlProblem(line, Bilingual("there is a tag", "含有标签"), Bilingual("plain values", "普通值"))


def _text(node: yaml.ScalarNode, line: int) -> str:
    """Check the characters that escapes stand for; the parser has checked the file's own."""
    text = str(node.value)
    control = control_in(text)
    if control is not None:
        raise YamlProblem(
            line,
            Bilingual(f"an escape stands for {control}", f"转义表示的是 {control}"),
            PRINTABLE_LINES)
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
            message = Bilingual(f"number {text[:20]!r} is not written in tens", f"数字“{text[:20]}”不是十进制")
            raise YamlProblem(line, message, Bilingual("digits, or text in quotes", "数字，或加引号的文本")) from None
        if not SMALLEST_INTEGER <= number <= LARGEST_INTEGER:
            raise YamlProblem(
                line,
                Bilingual("number is out of range", "数字超出范围"),
                Bilingual(
                    f"{SMALLEST_INTEGER} to {LARGEST_INTEGER}", f"{SMALLEST_INTEGER} 至 {LARGEST_INTEGER}"))
        return number
    if kind == "null":
        raise YamlProblem(
            line,
            Bilingual("there is no value", "没有值"),
            Bilingual("a value, or no key", "填写值，或删除该键"))
    # A date, a float, anything else that YAML would turn into a thing stays the text that was written.
    return text
