"""A Unix socket that its owner alone may use: one request and one answer a line, in JSON."""
from __future__ import annotations

import json
import logging
import os
import socket
import socketserver
import stat
import struct
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Internal, InvalidInput, error_from_wire

log = logging.getLogger(__name__)

LONGEST_LINE = 4 * 1024 * 1024
IDLE_S, ANSWER_MARGIN_S, DEFAULT_ANSWER_S = 600.0, 5.0, 30.0
_CREDENTIALS = struct.Struct("3i")
NotReached = Callable[[Bilingual], AppError]


class LineServer:
    """Serves a socket of this process until `stop`.

    path: its folder is ours alone (cli/sandbox.own_folder), so a socket that lies there is left from a run that died.
    answer: a request, a JSON object → its answer; what it raises as an AppError is the answer too.
    """

    def __init__(self, path: Path, answer: Callable[[Mapping[str, Any]], Any], *, name: str) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
        with _short(path) as address:
            self._server = _Server(address, handler, bind_and_activate=False)
            self._server.server_bind()
            # Before it listens, nobody can have connected.
            path.chmod(0o600)
            self._server.server_activate()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()
        self._path.unlink(missing_ok=True)


class LineClient:
    """Asks the server of a socket. not_reached: makes the error that is raised when it cannot be used."""

    def __init__(self, path: Path, not_reached: NotReached) -> None:
        self._not_reached = not_reached
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            if not stat.S_ISSOCK(path.stat().st_mode):
                raise not_reached(Bilingual("is no socket", "不是套接字"))
            with _short(path) as address:
                self._socket.connect(address)
        except FileNotFoundError:
            raise not_reached(Bilingual(
                "is not there; start one in this folder with `zhongtai run`, or name a run's settings with "
                "`zhongtai -c FILE`",
                "不存在；请在该文件夹中用 `zhongtai run` 启动平台，或用 `zhongtai -c FILE` 指定其配置")) from None
        except ConnectionRefusedError:
            raise not_reached(Bilingual(
                "is left from a run that has ended; start `zhongtai run` anew",
                "属于已结束的运行；请重新执行 `zhongtai run`")) from None
        except PermissionError:
            raise not_reached(Bilingual(
                "may be used by the user alone who runs the platform", "只允许运行该平台的用户使用")) from None
        except OSError as error:
            raise not_reached(_failed("cannot be used", "无法使用", error)) from None
        self._lines = self._socket.makefile("rwb")

    def close(self) -> None:
        self._socket.close()

    def ask(self, do: str, answer_s: float = DEFAULT_ANSWER_S, /, **arguments: Any) -> Any:
        """answer_s: how long the answer is waited for. Raises the error that the server answers with."""
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


def unknown_request(asked: Mapping[str, Any], known: Mapping[str, Any]) -> InvalidInput:
    return InvalidInput(Bilingual(
        f"request is {str(asked.get('do'))[:40]!r}; allowed: {', '.join(known)}",
        f"请求为“{str(asked.get('do'))[:40]}”；允许：{'、'.join(known)}"))


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


def _failed(what: str, what_zh: str, error: OSError) -> Bilingual:
    reason = error.strerror or type(error).__name__
    return Bilingual(f"{what}: {reason}", f"{what_zh}：{reason}")


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
