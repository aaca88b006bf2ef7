"""Contracts as clients see them: of the services of this installation, or from files that an app keeps."""
from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shared_components.contracts.export import export_contract
from shared_components.contracts.json_schema import ContractInvalid
from shared_components.contracts.store import read_contract
from shared_components.kernel.bilingual import Bilingual
from shared_components.runtime.discovery import contract_of


def exported_contracts(services: Iterable[str]) -> list[dict[str, Any]]:
    return [export_contract(contract_of(name)) for name in services]


def contracts_in(folder: Path) -> list[dict[str, Any]]:
    """Read each `*.json` of a folder as a contract. Raises ContractInvalid, which names the file."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise ContractInvalid(Bilingual(
            f"folder '{folder}' has no contract; copies of contract.json, such as payment.json, are allowed",
            f"目录“{folder}”中没有契约；应放置 contract.json 的副本，如 payment.json"))
    return [read_contract(path) for path in files]
