"""contract.json on disk: is it what the code says, and may it become that?

Changes are measured against two promises: the contract.json that is there, and contract.released.json beside it, what
the last release had. `write` never touches the second; `release` moves it, and only forward. So neither a deleted
contract.json nor one that was edited by hand makes a broken promise pass; who edits both shows in git (history.py).
"""
from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from shared_components.contracts.diff import compare, refused, version_of
from shared_components.contracts.export import contract_text
from shared_components.contracts.findings import Finding
from shared_components.contracts.json_schema import ContractInvalid
from shared_components.contracts.registry import ServiceContract
from shared_components.kernel.bilingual import Bilingual

FILE = "contract.json"
RELEASED = "contract.released.json"
State = Literal["current", "missing", "stale", "breaking"]


@dataclass(frozen=True)
class Status:
    """How a file stands to the code. changes: all of them; refused: those that need a new major version."""

    service: str
    state: State
    changes: list[Finding] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)

    def __str__(self) -> str:
        advice = {
            "current": "", "missing": "; run `zhongtai contracts export`", "stale": "; run `zhongtai contracts export`",
            "breaking": "; keep the old form beside the new, or raise the major of contract_version",
        }[self.state]
        lines = [f"contract of '{self.service}' is {self.state}{advice}"]
        return "\n  ".join([*lines, *map(str, self.refused or self.changes)])


def check(contract: ServiceContract, path: Path) -> Status:
    """Compare the code with the file. Raises ContractInvalid for a malformed version or file."""
    text = contract_text(contract)
    new = json.loads(text)
    version_of(new)
    for promised in (path.with_name(RELEASED), path):
        if promised.exists():
            old = read_contract(promised)
            if wrong := refused(old, new):
                return Status(contract.service, "breaking", compare(old, new), wrong)
    if not path.exists():
        return Status(contract.service, "missing")
    if path.read_text(encoding="utf-8") != text:
        return Status(contract.service, "stale", compare(read_contract(path), new))
    return Status(contract.service, "current")


def write(contract: ServiceContract, path: Path) -> Status:
    """Write the file, unless that would break a promise; the status is the one before."""
    status = check(contract, path)
    if status.state in ("missing", "stale"):
        path.write_text(contract_text(contract), encoding="utf-8")
    return status


def release(contract: ServiceContract, path: Path) -> Status:
    """Make the file the promise that later changes are measured against; only when it is what the code says."""
    status = check(contract, path)
    if status.state == "current":
        path.with_name(RELEASED).write_text(contract_text(contract), encoding="utf-8")
    return status


def read_contract(path: Path) -> dict[str, Any]:
    """The data of a contract.json. Raises ContractInvalid, which names the file."""
    try:
        return parse_contract(path.read_text(encoding="utf-8"), str(path))
    except OSError as wrong:
        raise ContractInvalid(Bilingual(
            f"contract '{path}' cannot be read: {wrong.strerror}",
            f"契约“{path}”无法读取：{wrong.strerror}")) from wrong
    except UnicodeDecodeError as wrong:
        raise ContractInvalid(Bilingual(
            f"contract '{path}' is not UTF-8 text",
            f"契约“{path}”不是 UTF-8 文本")) from wrong


def parse_contract(text: str, name: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as wrong:
        raise ContractInvalid(Bilingual(
            f"contract '{name}' is not JSON: {wrong}",
            f"契约“{name}”不是 JSON：{wrong}")) from wrong
    missing = [key for key in ("service", "version", "methods", "events", "errors")
               if not isinstance(data, dict) or key not in data]
    if missing:
        raise ContractInvalid(Bilingual(
            f"contract '{name}' has no {missing[0]}; `zhongtai contracts export` writes one that has",
            f"契约“{name}”缺少 {missing[0]}；请用 `zhongtai contracts export` 重新生成"))
    return dict(data)
