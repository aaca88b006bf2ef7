"""How a command reaches the platform: over its broker, or through the operator's socket where that is inproc://."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared_components.cli.errors import WrongUse

if TYPE_CHECKING:
    from shared_components.bus.client.blocking import BusClient
    from shared_components.bus.deployment.inspection import BrokerView
    from shared_components.runtime.operator_socket import OperatorClient

OPERATOR = "operator"


def is_embedded(configuration: Mapping[str, Any]) -> bool:
    return bool(configuration["broker"]["url"].startswith("inproc"))


def broker_view(configuration: Mapping[str, Any]) -> BrokerView | OperatorClient:
    """Raises BrokerUnavailable, PlatformNotReached."""
    if is_embedded(configuration):
        return _socket(configuration)
    from shared_components.bus.deployment.inspection import BrokerView

    return BrokerView(
        configuration["broker"]["url"], verified=configuration["bus"]["caller_authentication"] == "broker")


def bus_caller(configuration: Mapping[str, Any], *, caller: str) -> BusClient | OperatorClient:
    """Raises PlatformNotReached, and WrongUse for another caller than the operator at the operator's socket."""
    if not is_embedded(configuration):
        from shared_components.bus.client.blocking import BusClient

        return BusClient.from_configuration(configuration, caller=caller)
    if caller != OPERATOR:
        raise WrongUse(
            f"--caller is '{caller}', and broker.url is inproc://; '{OPERATOR}' is allowed at the operator's socket")
    return _socket(configuration)


def _socket(configuration: Mapping[str, Any]) -> OperatorClient:
    from shared_components.runtime.operator_socket import OperatorClient

    return OperatorClient(configuration["operator"]["socket"])
