"""How the broker's users are administrated: by `rabbitmqctl`, or by the management plugin over HTTP."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from shared_components.kernel.errors import Unavailable


class BrokerNotManaged(Unavailable):
    code = "bus.broker-not-managed"
    texts = {"en": "The broker could not be administrated.", "zh": "消息代理管理操作失败。"}


class BrokerAdministration(Protocol):
    """Each method raises BrokerNotManaged."""

    def export_definitions(self) -> dict[str, Any]: ...

    def import_definitions(self, content: Mapping[str, Any]) -> None: ...

    def delete_user(self, name: str) -> None: ...

    def close_connections(self, user: str, reason: str) -> None:
        """Close the user's connections."""
