"""The way of `zhongtai scale` and `zhongtai autoscale` to the processes of a `zhongtai run` on RabbitMQ."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput, Unavailable
from shared_components.runtime.line_socket import LineClient, LineServer, unknown_request
from shared_components.runtime.supervisor import Supervisor, WorkerState


class SupervisorNotReached(Unavailable):
    """No `zhongtai run` of this user listens at the operator's socket."""

    code = "cli.supervisor-not-reached"
    texts = {"en": "No running platform can be scaled.", "zh": "未能连接到可伸缩的平台。"}


class SupervisorServer:
    """Serves the operator's socket of a supervisor until `stop`."""

    def __init__(self, path: Path, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._lines = LineServer(path, self._answer, name="supervisor-socket")

    def start(self) -> None:
        self._lines.start()

    def stop(self) -> None:
        self._lines.stop()

    def _answer(self, asked: Mapping[str, Any]) -> Any:
        do = _REQUESTS.get(str(asked.get("do")))
        if do is None:
            raise unknown_request(asked, _REQUESTS)
        return do(self._supervisor, asked)


def _workers(supervisor: Supervisor, asked: Mapping[str, Any]) -> Any:
    return {"wanted": supervisor.wanted(), "workers": [asdict(one) for one in supervisor.workers()]}


def _scale(supervisor: Supervisor, asked: Mapping[str, Any]) -> Any:
    counts = asked["counts"]
    if not isinstance(counts, dict) or not all(type(count) is int for count in counts.values()):
        raise InvalidInput(Bilingual(
            "`counts` is no object from services to whole numbers", "`counts` 须为由服务到整数的对象"))
    supervisor.scale(counts)
    return _workers(supervisor, asked)


_REQUESTS: Mapping[str, Callable[[Supervisor, Mapping[str, Any]], Any]] = {"workers": _workers, "scale": _scale}


class SupervisorClient:
    """Raises SupervisorNotReached in one line: not there, left from before, another user's."""

    def __init__(self, path: str) -> None:
        def not_reached(why: Bilingual) -> SupervisorNotReached:
            return SupervisorNotReached(Bilingual(
                f"processes are scaled by the operator's socket of their run, and '{path}' {why}",
                f"须通过运行时的操作员套接字调整进程数，而“{path}”{why.zh}"))

        self._lines = LineClient(Path(path), not_reached)

    def __enter__(self) -> SupervisorClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def wanted(self) -> dict[str, int]:
        """Service → how many processes it is to have."""
        return dict(self._lines.ask("workers")["wanted"])

    def workers(self) -> list[WorkerState]:
        return _states(self._lines.ask("workers"))

    def scale(self, counts: Mapping[str, int]) -> list[WorkerState]:
        return _states(self._lines.ask("scale", counts=dict(counts)))


def _states(answer: Mapping[str, Any]) -> list[WorkerState]:
    return [WorkerState(**one) for one in answer["workers"]]
