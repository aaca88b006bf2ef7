"""Edits of a service's own modules: a topic is added to its class and to its transaction."""
from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared_components.cli.new_service.errors import GenerationFailed
from shared_components.kernel.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Insertion:
    """A text to insert at a position: line from 1, column from 0 in UTF-8 bytes, as the ast module counts."""

    line: int
    column: int
    text: str


def insert(source: str, insertions: Iterable[Insertion]) -> str:
    """Apply insertions from the last to the first, so that each position stays true."""
    lines = source.encode().splitlines(keepends=True)
    for one in sorted(insertions, key=lambda one: (one.line, one.column), reverse=True):
        line = lines[one.line - 1]
        lines[one.line - 1] = line[:one.column] + one.text.encode() + line[one.column:]
    return b"".join(lines).decode()


def class_of_service(path: Path, name: str) -> ast.ClassDef:
    """Find the class whose `name` is the service's. Raises GenerationFailed."""
    for node in _classes(path):
        if any(ast.unparse(one.value) == repr(name) for one in _assignments(node, "name")):
            return node
    raise GenerationFailed(Bilingual(
        f"{path.name} has no class whose name is '{name}'; one is needed", f"{path.name} 中没有 name 为“{name}”的类"))


def class_of_transaction(path: Path) -> ast.ClassDef:
    """Find `Sql…Transaction`. Raises GenerationFailed."""
    for node in _classes(path):
        if node.name.startswith("Sql") and node.name.endswith("Transaction"):
            return node
    raise GenerationFailed(Bilingual(
        f"{path.name} has no class Sql…Transaction; one is needed", f"{path.name} 中没有名为 Sql…Transaction 的类"))


def add_mixin(path: Path, name: str, package: str, mixin: str, events: str) -> None:
    """Let the service's class inherit the topic's entrypoints and publish the topic's events."""
    node = class_of_service(path, name)
    imports = f"from {package}.entrypoints import {mixin}\nfrom {package}.schemas import EVENTS as {events}\n"
    added = [_import(path, imports), _base(node, mixin)]
    emits = next(_assignments(node, "emits"), None)
    if emits is None:
        (named,) = _assignments(node, "name")
        added.append(Insertion(named.lineno, named.col_offset, f"emits = {events}\n    "))
    elif isinstance(emits.value, ast.Tuple) and emits.value.elts:
        added.append(_after(emits.value.elts[-1], f", *{events}", emits.value))
    else:
        added += [Insertion(emits.value.lineno, emits.value.col_offset, "(*"), _after(emits.value, f", *{events})")]
    path.write_text(insert(path.read_text(encoding="utf-8"), added), encoding="utf-8")


def add_records(path: Path, module: str, kind: str, attribute: str) -> None:
    """Give the service's transaction the topic's records, on the same session."""
    made = constructor_of(class_of_transaction(path))
    session = "scope.session" if "scope" in arguments_of(made) else "session"
    line = f"\n        self.{attribute} = {kind}({session})"
    path.write_text(insert(path.read_text(encoding="utf-8"), [
        _import(path, f"from {module} import {kind}\n"), _after(made.body[-1], line)]), encoding="utf-8")


def constructor_of(transaction: ast.ClassDef) -> ast.FunctionDef:
    """Find the constructor of a transaction. Raises GenerationFailed when it takes no session."""
    made = [one for one in transaction.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    if made and {"scope", "session"} & set(arguments_of(made[0])):
        return made[0]
    raise GenerationFailed(Bilingual(
        f"{transaction.name} takes no scope and no session; one of them is needed",
        f"{transaction.name} 的构造函数应有 scope 或 session 参数"))


def arguments_of(function: ast.FunctionDef) -> list[str]:
    """Give the names of a method's arguments without self."""
    return [one.arg for one in (*function.args.args[1:], *function.args.kwonlyargs)]


def _classes(path: Path) -> list[ast.ClassDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def _assignments(node: ast.ClassDef, name: str) -> Iterator[ast.Assign]:
    return (one for one in node.body if isinstance(one, ast.Assign)
            and [ast.unparse(target) for target in one.targets] == [name])


def _import(path: Path, line: str) -> Insertion:
    """Insert an import before the first one of this repository; ruff sorts them."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("services.", "shared_components.")):
            return Insertion(node.lineno, 0, line)
    raise GenerationFailed(Bilingual(f"{path.name} imports nothing of services", f"{path.name} 未导入服务中的模块"))


def _base(node: ast.ClassDef, mixin: str) -> Insertion:
    if node.bases:
        return _after(node.bases[-1], f", {mixin}", node)
    # `class Name:` ends its head right after the name.
    return Insertion(node.lineno, node.col_offset + len(f"class {node.name}".encode()), f"({mixin})")


def _after(node: ast.expr | ast.stmt, text: str, whole: ast.expr | ast.ClassDef | None = None) -> Insertion:
    """Insert after a node; on a line of its own where its neighbours have such lines."""
    line, column = node.end_lineno, node.end_col_offset
    assert line is not None and column is not None
    apart = whole is not None and isinstance(whole, ast.expr) and whole.lineno != whole.end_lineno
    return Insertion(line, column, text.replace(", ", ",\n        ", 1) if apart else text)
