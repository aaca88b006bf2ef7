"""The registry of consumers: a folder with pact files, contract copies and definitions, in any order of subfolders."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shared_components.contracts.consumers.definition_uses import FORMAT, definition_uses
from shared_components.contracts.consumers.errors import ConsumerFileInvalid
from shared_components.contracts.consumers.pact_files import PactFile, read_pact
from shared_components.contracts.consumers.uses import Use, uses_of_copy
from shared_components.contracts.store import parse_contract
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual

SUFFIXES = (".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Consumers:
    """pacts: as read. uses: of pacts and definitions. copies: consumer → the contracts that it was tested with."""

    pacts: tuple[PactFile, ...]
    uses: tuple[Use, ...]
    copies: Mapping[str, tuple[Mapping[str, Any], ...]]

    def all_uses(self) -> Iterator[Use]:
        """The uses, and those of copies; where a consumer has pacts, they say more exactly what it uses."""
        yield from self.uses
        exact = {use.consumer for use in self.uses}
        for consumer, copies in self.copies.items():
            if consumer not in exact:
                yield from (use for copy in copies for use in uses_of_copy(consumer, copy))


def read_consumers(folder: Path) -> Consumers:
    """Read all files of a folder. A contract copy belongs to the app that its folder is named for.

    Raises ConsumerFileInvalid for a file of no such kind, ContractInvalid for a copy that is incomplete.
    """
    pacts: list[PactFile] = []
    uses: list[Use] = []
    copies: dict[str, tuple[Mapping[str, Any], ...]] = {}
    if not folder.is_dir():
        raise ConsumerFileInvalid(Bilingual(f"folder '{folder}' is not there", f"目录“{folder}”不存在"))
    for path, data in _files(folder):
        if "interactions" in data or "consumer" in data:
            pacts.append(read_pact(path, data))
        elif data.get("format") == FORMAT:
            uses += definition_uses(data, path.name)
        elif "methods" in data:
            contract = parse_contract(json.dumps(data), str(path))
            copies[path.parent.name] = (*copies.get(path.parent.name, ()), contract)
        else:
            raise ConsumerFileInvalid(Bilingual(
                f"'{path}' is no pact, no contract and no definition", f"“{path}”不是契约文件、接口契约或事项定义"))
    return Consumers(tuple(pacts), (*(use for pact in pacts for use in pact.uses()), *uses), copies)


def _files(folder: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix not in SUFFIXES or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
            data = strict_json.read(text) if path.suffix == ".json" else yaml.safe_load(text)
        except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError) as wrong:
            first = str(wrong).splitlines()[0]
            raise ConsumerFileInvalid(Bilingual(
                f"'{path}' cannot be read: {first[:120]}", f"“{path}”无法读取：{first[:120]}")) from None
        if not isinstance(data, Mapping):
            raise ConsumerFileInvalid(Bilingual(f"'{path}' is no object", f"“{path}”不是对象"))
        yield path, data
