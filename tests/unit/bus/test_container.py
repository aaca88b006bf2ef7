"""Our container runs workers as nameko's does, without what only its debug lines need; counted, not timed."""
from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from nameko.containers import ServiceContainer
from nameko.extensions import DependencyProvider, Entrypoint

from shared_components.runtime.container import Container


class Steps(DependencyProvider):  # type: ignore[misc]
    """Records what a container asks of a provider."""

    seen: list[Any] = []

    def get_dependency(self, worker_ctx: Any) -> list[Any]:
        self.seen.append("given")
        return self.seen

    def worker_setup(self, worker_ctx: Any) -> None:
        self.seen.append("set up")

    def worker_result(self, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> None:
        self.seen.append((result, exc_info and exc_info[0]))

    def worker_teardown(self, worker_ctx: Any) -> None:
        self.seen.append("torn down")


class Ways(Entrypoint):  # type: ignore[misc]
    pass


def _way(method: Any) -> Any:
    return Ways.decorator(method)


class Worker:
    name = "worker"
    steps = Steps()

    @_way
    def good(self, number: int, *, more: int) -> int:
        self.steps.append("run")
        return number + more

    @_way
    def bad(self) -> None:
        raise KeyError("x")


@pytest.fixture
def seen() -> Iterator[list[Any]]:
    Steps.seen.clear()
    yield Steps.seen
    Steps.seen.clear()


def work(kind: type[ServiceContainer], method: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Run a worker; gives all that providers and the entrypoint hear."""
    container = kind(Worker, {"max_workers": 1})
    entrypoint = next(one for one in container.entrypoints if one.method_name == method)

    def handle(worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        Steps.seen.append(("handled", result, exc_info and exc_info[0]))
        return ("changed" if exc_info is None else None), exc_info

    container.spawn_worker(entrypoint, args, kwargs, handle_result=handle)
    container._worker_pool.waitall()
    told = list(Steps.seen)
    Steps.seen.clear()
    return told


@pytest.mark.parametrize(("method", "arguments"), [("good", ((1,), {"more": 2})), ("bad", ((), {}))])
def test_a_worker_runs_as_nameko_runs_it(seen: list[Any], method: str, arguments: tuple[Any, Any]) -> None:
    args, kwargs = arguments
    ours = work(Container, method, *args, **kwargs)
    assert ours == work(ServiceContainer, method, *args, **kwargs)
    assert ours[-1] == "torn down"
    assert ("handled", 3, None) in ours or ("handled", None, KeyError) in ours


def test_a_worker_makes_no_id_that_nobody_reads(seen: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[uuid.UUID] = []
    real = uuid.uuid4

    def noted() -> uuid.UUID:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(uuid, "uuid4", noted)
    work(Container, "good", 1, more=2)
    assert not made
    work(ServiceContainer, "good", 1, more=2)
    assert made, "nameko still does: else this container is of no use"


def test_a_failed_worker_is_logged_with_its_method(seen: list[Any], caplog: pytest.LogCaptureFixture) -> None:
    work(Container, "bad")
    (record,) = [one for one in caplog.records if one.message == "runtime.worker.failed"]
    assert (record.__dict__["service"], record.__dict__["method"]) == ("worker", "bad")
    assert record.exc_info is not None
