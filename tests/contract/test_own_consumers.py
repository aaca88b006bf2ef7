"""Shipped definitions of matters are consumers of our own contracts: none of them breaks by what is here now."""
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from shared_components.contracts.consumers.can_deploy import objections
from shared_components.contracts.consumers.definition_uses import FORMAT, definition_uses
from shared_components.contracts.consumers.registry import Consumers
from shared_components.contracts.store import FILE, read_contract
from shared_components.runtime.discovery import service_folder, service_names

ROOT = Path(__file__).parents[2]
FOLDERS = (service_folder("matter") / "definitions", ROOT / "docs" / "examples")


def shipped() -> Consumers:
    found = [(path, yaml.safe_load(path.read_text(encoding="utf-8")))
             for folder in FOLDERS for path in sorted(folder.rglob("*.yaml"))]
    uses = [use for path, data in found if isinstance(data, dict) and data.get("format") == FORMAT
            for use in definition_uses(data, path.name)]
    return Consumers((), tuple(uses), {})


@pytest.mark.parametrize("service", service_names())
def test_no_shipped_definition_breaks_by_a_contract(service: str) -> None:
    contract = read_contract(service_folder(service) / FILE)
    assert [str(one) for one in objections(contract, shipped())] == []


def test_the_definitions_use_methods_of_several_services() -> None:
    used = {use.service for use in shipped().uses}
    assert {"payment", "elicence", "notification", "identity"} <= used
    assert any(use.sends and "lines[].item_code" in use.sends for use in shipped().uses)
