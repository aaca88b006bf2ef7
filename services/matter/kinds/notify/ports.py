"""Components that a notice asks."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.matter.cases.usecases.work import HasIdentity, Reply


class Messages(Protocol):
    def send(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...


class Templates(Protocol):
    def unfilled(self, template_code: str, channel: str, values: Mapping[str, str]) -> Sequence[str] | None:
        """The template's required placeholders that the values do not fill; None when there is no such template."""
        ...


class TemplateStore(Protocol):
    def put_template(self, op_id: str, template: Mapping[str, Any]) -> Mapping[str, Any]: ...


class NotifyComponents(HasIdentity, Protocol):
    @property
    def notifications(self) -> Messages: ...
