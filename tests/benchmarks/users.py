"""The broker's users, as a deployment has them: one a service and one an application, each with its own rights."""
from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from shared_components.bus.deployment.definitions import definitions, read_contracts, with_passwords
from shared_components.contracts.export import export_contract
from shared_components.contracts.registry import service_contract
from tests.benchmarks.ours.services import SERVICES

APP, GATEWAY, OPERATOR = "app-demo", "gateway", "operator"


def deployed() -> tuple[dict[str, Any], dict[str, str]]:
    """Definitions for RabbitMQ, and the password of each user."""
    contracts = read_contracts(Path("services"))
    contracts |= {name: export_contract(service_contract(service)) for name, service in SERVICES.items()}
    content = definitions(contracts)
    passwords = {user["name"]: secrets.token_hex(12) for user in content["users"]}
    return with_passwords(content, passwords), passwords
