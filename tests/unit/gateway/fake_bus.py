"""A bus without a broker: an AsyncBus whose services are functions. It passes the suite that the real client passes."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from shared_components.bus.errors import InvalidArguments, NoReply, OperationReused, UnknownService
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id


@dataclass(frozen=True)
class Asked:
    """One call as it reached the bus."""

    target: str
    kwargs: dict[str, Any]
    timeout_s: float | None
    op_id: str
    context: dict[str, str]


Answer = Callable[[Asked], Any]


class FakeBus:
    """answers: `payment.get_order` → what it gives, an exception to raise, or a function of the call."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[Asked] = []
        self.connected = True
        self._done: dict[tuple[str | None, str], tuple[bytes, Any]] = {}

    async def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        # What the wire does to arguments: anything that is no JSON stays out.
        asked = Asked(
            f"{service}.{method}", orjson.loads(orjson.dumps(kwargs)), timeout_s, op_id or new_id("op"),
            dict(context or {}))
        self.asked.append(asked)
        body = orjson.dumps([asked.target, asked.kwargs, asked.context.get("tenant")], option=orjson.OPT_SORT_KEYS)
        # As services do: an operation is known by its caller and its id.
        known = asked.context.get("for_app"), asked.op_id
        if known in self._done:
            before, reply = self._done[known]
            if before != body:
                raise OperationReused(Bilingual(
                    f"operation id '{asked.op_id}' was used with another request; use a new one",
                    f"操作编号“{asked.op_id}”已用于其他请求，请使用新的编号"))
            return reply
        reply = await self._answer(asked)
        self._done[known] = body, reply
        return reply

    async def _answer(self, asked: Asked) -> Any:
        if asked.target not in self.answers:
            raise UnknownService(f"no service '{asked.target}' has ever run on this broker")
        answer = self.answers[asked.target]
        if isinstance(answer, BaseException):
            raise answer
        try:
            result = answer(asked) if callable(answer) else answer
            return await asyncio.wait_for(result, asked.timeout_s) if isinstance(result, Awaitable) else result
        except TimeoutError:
            raise NoReply(
                f"no reply from {asked.target} before the deadline; ask again with operation id {asked.op_id}",
                details={"op_id": asked.op_id}) from None

    async def close(self) -> None:
        self.connected = False


def refuses(fields: Mapping[str, list[str]]) -> AppError:
    return InvalidArguments("'echo' got wrong arguments", details={"fields": dict(fields)})
