"""Names of new services and topics. Raises WrongUse for a name that would break something."""
from __future__ import annotations

import keyword
import re
from pathlib import Path

from shared_components.cli.errors import WrongUse
from shared_components.kernel.bilingual import Bilingual
from shared_components.runtime.discovery import SERVICES

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_SERVICE, LONGEST_TOPIC = 32, 16
# Prefixes of error codes and callers, and the other attributes of a client.
_RESERVED = frozenset({
    "app", "bus", "call", "calls", "cli", "close", "contracts", "db", "from_configuration", "kernel", "observability",
    "operator", "security", "services", "shared_components", "test", "tests", "testing", "with_context", "zhongtai",
})
ROOMS = ("adapters", "domain", "entrypoints", "models", "schemas", "usecases")
"""The rooms of a topic; a service of one topic has them at its root."""
_OF_SERVICE = frozenset({
    *ROOMS, "commands", "common", "migrations", "providers", "sandbox", "scheduled", "service", "transaction", "views"})


def check_service_name(name: str, root: Path) -> None:
    """Check a Python package, a database schema, a part of queue names and an attribute of a client."""
    _check_form("service", "服务", name, LONGEST_SERVICE)
    if name in _RESERVED or _is_reserved_word(name):
        raise _reserved("service", "服务", name)
    taken = [path for path in (f"{SERVICES}/{name}", f"tests/unit/{name}", f"tests/integration/{name}")
             if (root / path).exists() or (root / f"{path}.py").exists()]
    if taken:
        raise WrongUse(Bilingual(
            f"service name is '{name}', and {taken[0]} exists; another name is allowed",
            f"服务名“{name}”已被占用（{taken[0]} 已存在），请换用其他名称"))


def check_topic_name(name: str) -> None:
    """Check a Python package beside the rooms of a service, and a prefix of methods, tables and events."""
    _check_form("topic", "主题", name, LONGEST_TOPIC)
    if name in _OF_SERVICE or _is_reserved_word(name):
        raise _reserved("topic", "主题", name)


def _check_form(kind: str, kind_zh: str, name: str, longest: int) -> None:
    if not _NAME.fullmatch(name) or len(name) > longest:
        raise WrongUse(Bilingual(
            f"{kind} name is '{name}'; up to {longest} of a-z, 0-9 and single _ are allowed, a letter first",
            f"{kind_zh}名为“{name}”；应以字母开头，由 a-z、0-9 和单个 _ 组成，最多 {longest} 个字符"))


def _is_reserved_word(name: str) -> bool:
    from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

    return keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in RESERVED_WORDS


def _reserved(kind: str, kind_zh: str, name: str) -> WrongUse:
    return WrongUse(Bilingual(
        f"{kind} name is '{name}', which is a reserved word; another one is allowed",
        f"{kind_zh}名“{name}”为保留字，请换用其他名称"))
