"""Pact files (V4), as far as the platform needs them: who uses what, and in which states of the provider."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared_components.contracts.consumers.errors import ConsumerFileInvalid
from shared_components.contracts.consumers.uses import Use, paths_of
from shared_components.contracts.registry import HTTP_PREFIX
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual

VERSION = "4.0"
HTTP, MESSAGE = "Synchronous/HTTP", "Asynchronous/Messages"


@dataclass(frozen=True)
class PactFile:
    path: Path
    consumer: str
    provider: str
    interactions: tuple[Mapping[str, Any], ...]

    def states(self) -> list[tuple[str, str]]:
        """Each interaction's description with a state that it names."""
        return [(str(one.get("description", "")), str(state.get("name", "")))
                for one in self.interactions for state in one.get("providerStates", ())]

    def uses(self) -> Iterator[Use]:
        for one in self.interactions:
            if one["type"] == MESSAGE:
                yield Use(self.consumer, self.provider, event_of(one), is_event=True,
                          reads=frozenset(paths_of(_content(one.get("contents")))), told_by=self.path.name)
            else:
                service, method = method_of(one)
                sent = _content(one["request"].get("body"))
                yield Use(self.consumer, service, method, sends=frozenset(paths_of(sent)), is_whole_request=True,
                          reads=_read_by(one["response"]), told_by=self.path.name)


def _read_by(response: Mapping[str, Any]) -> frozenset[str]:
    """The fields of a reply that a consumer reads; those of an error are no fields of the contract's reply."""
    return frozenset(paths_of(_content(response.get("body"))) if response.get("status", 200) == 200 else ())


def read_pact(path: Path, data: Mapping[str, Any]) -> PactFile:
    """Raises ConsumerFileInvalid for another version, and for parts that are missing."""
    version = _at(data, "metadata", "pactSpecification", "version")
    if version != VERSION:
        raise _wrong(path, f"pact version is '{str(version)[:20]}'; {VERSION} is allowed",
                     f"Pact 版本为“{str(version)[:20]}”；只支持 {VERSION}")
    consumer, provider = _at(data, "consumer", "name"), _at(data, "provider", "name")
    interactions = data.get("interactions")
    if not isinstance(consumer, str) or not isinstance(provider, str) or not isinstance(interactions, list):
        raise _wrong(path, "consumer.name, provider.name and interactions are needed",
                     "须有 consumer.name、provider.name 和 interactions")
    found = PactFile(path, consumer, provider, tuple(interactions))
    for number, one in enumerate(interactions):
        _check(path, number, one, provider)
    return found


def method_of(interaction: Mapping[str, Any]) -> tuple[str, str]:
    """`/v1/payment/get-order` → payment, get_order."""
    _, _, service, method = str(interaction["request"]["path"]).split("/")
    return service, method.replace("-", "_")


def event_of(interaction: Mapping[str, Any]) -> str:
    """The event's type: metadata `type`, else the description."""
    return str(interaction.get("metadata", {}).get("type") or interaction["description"])


def _check(path: Path, number: int, one: Any, provider: str) -> None:
    kind = one.get("type") if isinstance(one, Mapping) else None
    where = f"interaction {number + 1}"
    if kind not in (HTTP, MESSAGE):
        raise _wrong(path, f"{where} has type '{str(kind)[:40]}'; {HTTP} and {MESSAGE} are allowed",
                     f"第 {number + 1} 个交互的类型为“{str(kind)[:40]}”；只支持 {HTTP} 和 {MESSAGE}")
    address = str(_at(one, "request", "path") or "")
    if kind == HTTP and not (address.startswith(f"{HTTP_PREFIX}/{provider}/") and address.count("/") == 3
                             and isinstance(one.get("response"), Mapping)):
        raise _wrong(path, f"{where} asks '{address[:80]}'; {HTTP_PREFIX}/{provider}/<method> is allowed",
                     f"第 {number + 1} 个交互请求“{address[:80]}”；只支持 {HTTP_PREFIX}/{provider}/<方法>")


def _content(body: Any) -> Any:
    content = body.get("content") if isinstance(body, Mapping) else None
    if isinstance(content, str):
        try:
            return strict_json.read(content)
        except ValueError:
            return None
    return content


def _at(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _wrong(path: Path, en: str, zh: str) -> ConsumerFileInvalid:
    return ConsumerFileInvalid(Bilingual(f"pact '{path}': {en}", f"契约文件“{path}”：{zh}"))
