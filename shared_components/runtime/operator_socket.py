"""The operator's way into a platform that runs on inproc://: a Unix socket that its owner alone may use.

One request and one answer a line, in JSON. Calls are made as `operator`, never as somebody else.
"""
from __future__ import annotations

import base64
import json
import logging
import os
import socket
import socketserver
import stat
import struct
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shared_components.bus.amqp.instances import Instance, own_instances
from shared_components.bus.deployment.inspection import (
    BrokerView,
    DeadLetter,
    QueueState,
    Redriven,
    Selection,
    letter_elsewhere,
)
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Internal, InvalidInput, Unavailable, error_from_wire

log = logging.getLogger(__name__)

OPERATOR = "operator"
FOLDER, NAME = Path("var") / "operator", "operator.sock"
DEFAULT_SOCKET = str(FOLDER / NAME)
LONGEST_LINE = 4 * 1024 * 1024
IDLE_S, ANSWER_MARGIN_S, DEFAULT_ANSWER_S = 600.0, 5.0, 30.0
_CREDENTIALS = struct.Struct("3i")


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
        self._path, self._url, self._caller = path, broker_url, caller
        path.unlink(missing_ok=True)
        handler = type("Handler", (_Handler,), {"answer": staticmethod(self._answer)})
        with _short(path) as address:
            self._server = _Server(address, handler, bind_and_activate=False)
            self._server.server_bind()
            # Before it listens, nobody can have connected.
            path.chmod(0o600)
            self._server.server_activate()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="operator-socket", daemon=True)

    def start(self) -> OperatorServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()
        self._path.unlink(missing_ok=True)
        self._caller.close()

    def _answer(self, asked: Mapping[str, Any]) -> Any:
        do = _REQUESTS.get(str(asked.get("do")))
        if do is None:
            raise InvalidInput(Bilingual(
                f"request is {str(asked.get('do'))[:40]!r}; allowed: {', '.join(_REQUESTS)}",
                f"请求为“{str(asked.get('do'))[:40]}”；允许：{'、'.join(_REQUESTS)}"))
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


def _redrive(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    redriven = view.redrive(asked["service"], asked["limit"], asked["message_ids"], asked["queue"])
    return [{"letter": _letter_to_send(one.letter), "refused": one.refused} for one in redriven]


def _discard(view: BrokerView, asked: Mapping[str, Any]) -> Any:
    gone = view.discard(asked["service"], Selection(**asked["selection"]), asked["limit"])
    return [_letter_to_send(letter) for letter in gone]


_REQUESTS: Mapping[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "call": _call, "queue": _queue, "instances": _instances, "dead_letters": _letters, "redrive": _redrive,
    "discard": _discard,
}


def _letter_to_send(letter: DeadLetter) -> dict[str, Any]:
    plain = {name: getattr(letter, name) for name in (
        "message_id", "reason", "text", "exchange", "routing_key", "size", "queue")}
    return {**plain, "body": base64.b64encode(letter.body).decode()}


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A command that was interrupted is no news; the default prints a traceback."""


class _Handler(socketserver.StreamRequestHandler):
    answer: Callable[[Mapping[str, Any]], Any]
    timeout = IDLE_S

    def handle(self) -> None:
        if not self._is_owner():
            return
        while line := self.rfile.readline(LONGEST_LINE):
            self.wfile.write(json.dumps(self._answered(line), default=str).encode() + b"\n")
            self.wfile.flush()

    def _is_owner(self) -> bool:
        """The file's mode keeps others out; the kernel's word on who connected holds where the mode was changed."""
        given = self.request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        _, user, _ = _CREDENTIALS.unpack(given)
        return user in (os.getuid(), 0)

    def _answered(self, line: bytes) -> dict[str, Any]:
        try:
            asked = strict_json.read(line)
            if not isinstance(asked, dict):
                raise InvalidInput(Bilingual(
                    "request is no JSON object",
                    "请求不是 JSON 对象"))
            return {"result": self.answer(asked)}
        except AppError as error:
            return {"error": error.to_wire()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return {"error": InvalidInput(Bilingual(
                f"request is malformed: {type(error).__name__}",
                f"请求格式有误：{type(error).__name__}")).to_wire()}
        except Exception as error:
            log.error("operator.request.crashed", exc_info=error)
            return {"error": Internal().to_wire()}


class OperatorClient:
    """Client of commands to a platform in another process. It has BrokerView's methods, and `call`.

    Raises PlatformNotReached in one line: not there, left from before, another user's.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            if not stat.S_ISSOCK(self._path.stat().st_mode):
                raise self._not_reached(Bilingual("is no socket", "不是套接字"))
            with _short(self._path) as address:
                self._socket.connect(address)
        except FileNotFoundError:
            raise self._not_reached(Bilingual(
                "is not there; start one in this folder with `zhongtai run`, or name a run's settings with "
                "`zhongtai -c FILE`",
                "不存在；请在该文件夹中用 `zhongtai run` 启动平台，或用 `zhongtai -c FILE` 指定其配置")) from None
        except ConnectionRefusedError:
            raise self._not_reached(Bilingual(
                "is left from a run that has ended; start `zhongtai run` anew",
                "属于已结束的运行；请重新执行 `zhongtai run`")) from None
        except PermissionError:
            raise self._not_reached(Bilingual(
                "may be used by the user alone who runs the platform", "只允许运行该平台的用户使用")) from None
        except OSError as error:
            raise self._not_reached(_failed("cannot be used", "无法使用", error)) from None
        self._lines = self._socket.makefile("rwb")

    def __enter__(self) -> OperatorClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def _not_reached(self, why: Bilingual) -> PlatformNotReached:
        return PlatformNotReached(Bilingual(
            f"broker.url is inproc://, whose platform is reached by its operator's socket, and '{self._path}' {why}",
            f"broker.url 为 inproc://，须通过操作员套接字访问该平台，而“{self._path}”{why.zh}"))

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
        return [Instance(**one) for one in self._ask("instances")]

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

    def _ask(self, do: str, answer_s: float = DEFAULT_ANSWER_S, /, **arguments: Any) -> Any:
        self._socket.settimeout(answer_s + ANSWER_MARGIN_S)
        try:
            self._lines.write(json.dumps({"do": do, **arguments}).encode() + b"\n")
            self._lines.flush()
            line = self._lines.readline()
        except (ConnectionResetError, BrokenPipeError):
            line = b""
        except OSError as error:
            raise self._not_reached(_failed("gave no answer", "没有答复", error)) from None
        if not line:
            raise self._not_reached(Bilingual(
                "was closed: the platform has ended, or is another user's", "已关闭：平台已结束，或属于其他用户"))
        answer = json.loads(line)
        if "error" in answer:
            raise error_from_wire(answer["error"])
        return answer["result"]


def _failed(what: str, what_zh: str, error: OSError) -> Bilingual:
    reason = error.strerror or type(error).__name__
    return Bilingual(f"{what}: {reason}", f"{what_zh}：{reason}")


def _read(letter: Mapping[str, Any]) -> DeadLetter:
    plain = {name: value for name, value in letter.items() if name != "body"}
    return letter_elsewhere(base64.b64decode(letter["body"]), **plain)


class _short:
    """An address of at most 107 bytes, whatever the folder is: the kernel allows no longer ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = -1

    def __enter__(self) -> str:
        self._folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._folder}/{self._path.name}"

    def __exit__(self, *_: object) -> None:
        os.close(self._folder)
