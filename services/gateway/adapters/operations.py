"""The contracts of all services as HTTP operations: routes, documentation and OpenAPI are made from these."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.gateway.domain.errors import MethodNotOffered, PathUnknown
from shared_components.contracts.registry import HTTP_PREFIX, MethodContract, ServiceContract
from shared_components.kernel.bilingual import Bilingual

GATEWAY = "gateway"
PREFIX = HTTP_PREFIX


@dataclass(frozen=True)
class Operation:
    """One public method. path: `/v1/payment/create-order`; example: a request and its reply, where there are some."""

    service: str
    contract: MethodContract
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.contract.name

    @property
    def segment(self) -> str:
        return self.method.replace("_", "-")

    @property
    def path(self) -> str:
        return f"{PREFIX}/{self.service}/{self.segment}"

    @property
    def document_path(self) -> str | None:
        """Where the file in its reply is, as a template: `/v1/payment/receipts/{receipt_id}.pdf`."""
        document = self.contract.document
        return document.address(self.service) if document is not None else None

    @property
    def id(self) -> str:
        return f"{self.service}.{self.method}"


class Operations:
    """Every operation by its address."""

    def __init__(self, contracts: Iterable[ServiceContract]) -> None:
        self.contracts = tuple(sorted(contracts, key=lambda contract: contract.service))
        self._open: dict[str, dict[str, Operation]] = {contract.service: {} for contract in self.contracts}
        self._closed: dict[str, set[str]] = {contract.service: set() for contract in self.contracts}
        for contract in self.contracts:
            for name in sorted(contract.methods):
                operation = Operation(contract.service, contract.methods[name], contract.examples.of_method(name))
                if operation.contract.public and GATEWAY in operation.contract.callers:
                    self._open[contract.service][operation.segment] = operation
                else:
                    self._closed[contract.service].add(operation.segment)

    def __iter__(self) -> Iterator[Operation]:
        for service in self._open.values():
            yield from service.values()

    def of(self, service: str) -> Mapping[str, Operation]:
        return self._open[service]

    def find(self, service: str, segment: str) -> Operation | None:
        """None for a method that exists and is not offered. Raises PathUnknown, which names what is."""
        methods = self._open.get(service)
        if methods is None:
            raise PathUnknown(
                Bilingual(
                    f"there is no service '{service[:40]}'; services are: {', '.join(self._open)}",
                    f"没有服务“{service[:40]}”；现有服务：{'、'.join(self._open)}"),
                details={"available": list(self._open)})
        operation = methods.get(segment)
        if operation is None and segment not in self._closed[service]:
            raise PathUnknown(
                Bilingual(
                    f"service '{service}' has no method '{segment[:80]}'; it has: {', '.join(methods) or 'none'}",
                    f"服务“{service}”没有方法“{segment[:80]}”；现有方法：{'、'.join(methods) or '无'}"),
                details={"available": list(methods)})
        return operation


def not_offered(service: str, segment: str) -> MethodNotOffered:
    return MethodNotOffered(Bilingual(
        f"method '{segment}' of '{service}' is not offered over HTTP; public methods are allowed here, and operators "
        "call theirs by `zhongtai call`",
        f"“{service}”的方法“{segment}”不通过 HTTP 提供；此处只提供公开方法，运维人员用 `zhongtai call` 调用其余方法"))
