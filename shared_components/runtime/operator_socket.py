"""The operator's way into a platform that runs on inproc://: a Unix socket that its owner alone may use.

One request and one answer a line, in JSON. Calls are made as `operator`, never as somebody else.
"""
from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shared_components.bus.amqp import degraded
from shared_components.bus.amqp.degraded import SwitchedOff
from shared_components.bus.amqp.instances import Instance, instance_of, own_instances
from shared_components.bus.deployment.inspection import (
    BrokerView,
    DeadLetter,
    QueueState,
    Redriven,
    Selection,
    letter_elsewhere,
)
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Unavailable
from shared_components.runtime.line_socket import DEFAULT_ANSWER_S, LineClient, LineServer, unknown_request

OPERATOR = "operator"
FOLDER, NAME = Path("var") / "operator", "operator.sock"
DEFAULT_SOCKET = str(FOLDER / NAME)


class PlatformNotReached(Unavailable):
    """No platform of this user listens at the operator's socket."""

    code = "cli.platform-not-reached"
    texts = {"en": "No running platform can be reached.", "zh": "未能连接到正在运行的平台。"}


class OperatorServer:
    """Serves the operator's socket of this process until `stop`.

    path: its folder is ours alone (cli/sandbox.own_folder), so a socket that lies there is left from a run that died.
    caller: a bus client as `operator`; it is closed with the server.
    """

    def __init__(self, path: Path, broker_url: str, caller: Any) -> None:
        self._url, self._caller = broker_url, caller
        self._lines = LineServer(path, self._answer, name="operator-socket")

    def start(self) -> OperatorServer:
        self._lines.start()
        return self

    def stop(self) -> None:
        self._lines.stop()
        self._caller.close()

    def _answer(self, asked: Mapping[str, Any]) -> Any:
        do = _REQUESTS.get(str(asked.get("do")))
        if do is None:
            raise unknown_request(asked, _REQUESTS)
        if asked["do"] == "call":
            return do(self._caller, asked)
        with BrokerView(self._url) as view:
            return do(view, asked)


def _call(caller: Any, asked: Mapping[str, Any]) -> Any:
    tenant = asked.get("tenant")
    return caller.call(
        asked["service"], asked["method"], asked["kwargs"], timeout_s=asked.get("timeout_s"), op_id=asked.get("op_id"),
        context={"tenant": tenant} if tenant else None)


def _queue(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    state = view.queue(asked["name"])
    return None if state is None else vars(state)


def _letters(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    return [_letter_to_send(letter) for letter in view.dead_letters(asked["service"], asked["limit"])]


def _instances(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    return [asdict(one) for one in own_instances()]


def _degraded(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    current = degraded.current()
    return {"names": sorted(current.names), "until": current.until}


def _degrade(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    degraded.apply(SwitchedOff(frozenset(asked["names"]), float(asked["until"])))


def _redrive(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    redriven = view.redrive(asked["service"], asked["limit"], asked["message_ids"], asked["queue"])
    return [{"letter": _letter_to_send(one.letter), "refused": one.refused} for one in redriven]


def _discard(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    gone = view.discard(asked["service"], Selection(**asked["selection"]), asked["limit"])
    return [_letter_to_send(letter) for letter in gone]


_REQUESTS: Mapping[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "call": _call, "queue": _queue, "instances": _instances, "dead_letters": _letters, "redrive": _redrive,
    "discard": _discard, "degraded": _degraded, "degrade": _degrade,
}


def _letter_to_send(letter: DeadLetter) -> dict[str, Any]:
    plain = {name: getattr(letter, name) for name in (
        "message_id", "reason", "text", "exchange", "routing_key", "size", "queue")}
    return {**plain, "body": base64.b64encode(letter.body).decode()}


class OperatorClient:
    """Client of commands to a platform in another process. It has BrokerView's methods, and `call`.

    Raises PlatformNotReached in one line: not there, left from before, another user's.
    """

    def __init__(self, path: str) -> None:
        def not_reached(why: Bilingual) -> PlatformNotReached:
            return PlatformNotReached(Bilingual(
                f"broker.url is inproc://, whose platform is reached by its operator's socket, and '{path}' {why}",
                f"broker.url 为 inproc://，须通过操作员套接字访问该平台，而“{path}”{why.zh}"))

        self._lines = LineClient(Path(path), not_reached)
        self._ask = self._lines.ask

    def __enter__(self) -> OperatorClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._lines.close()

    def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        return self._ask(
            "call", timeout_s or DEFAULT_ANSWER_S, service=service, method=method, kwargs=dict(kwargs),
            timeout_s=timeout_s, op_id=op_id, tenant=(context or {}).get("tenant"))

    def queue(self, name: str) -> QueueState | None:
        state = self._ask("queue", name=name)
        return None if state is None else QueueState(**state)

    def instances(self) -> list[Instance]:
        return [instance_of(one) for one in self._ask("instances")]

    def degraded(self) -> SwitchedOff:
        told = self._ask("degraded")
        return SwitchedOff(frozenset(told["names"]), told["until"])

    def degrade(self, switched_off: SwitchedOff) -> None:
        self._ask("degrade", names=sorted(switched_off.names), until=switched_off.until)

    def dead_letters(self, service: str, limit: int = 100) -> list[DeadLetter]:
        return [_read(letter) for letter in self._ask("dead_letters", service=service, limit=limit)]

    def redrive(
        self, service: str, limit: int = 1000, message_ids: Collection[str] | None = None, queue: str = "",
    ) -> list[Redriven]:
        ids = None if message_ids is None else list(message_ids)
        return [Redriven(_read(one["letter"]), one["refused"]) for one in self._ask(
            "redrive", service=service, limit=limit, message_ids=ids, queue=queue)]

    def discard(self, service: str, selection: Selection, limit: int) -> list[DeadLetter]:
        wanted = {"message_ids": list(selection.message_ids), "reason": selection.reason, "queue": selection.queue}
        return [_read(one) for one in self._ask("discard", service=service, selection=wanted, limit=limit)]


def _read(letter: Mapping[str, Any]) -> DeadLetter:
    plain = {name: value for name, value in letter.items() if name != "body"}
    return letter_elsewhere(base64.b64decode(letter["body"]), **plain)
