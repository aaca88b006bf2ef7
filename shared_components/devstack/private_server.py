"""The bases of private servers: what a `with` block starts and stops, and one supervised process of that kind."""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Self

from shared_components.devstack.processes import Launch, SupervisedProcess


class StartedByWith(ABC):
    """One server or several. What did not start whole is stopped."""

    @abstractmethod
    def start(self) -> Self:
        """Start and wait until it answers. Raises ServerUnavailable."""

    @abstractmethod
    def stop(self) -> None:
        """End it; data that are not to be kept are removed."""

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class PrivateServer(StartedByWith):
    """A subclass starts its process with `_run` and knows what to do with its data in `stop`."""

    _process: SupervisedProcess | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    @property
    def pid(self) -> int:
        """The supervisor's process id; 0 before the first start."""
        return self._process.pid if self._process is not None else 0

    def restart(self) -> None:
        """Stop in order, which ends all connections, and start again on the same port with what was durable."""
        if self._process is not None:
            self._process.stop()
        self.start()

    def kill(self) -> None:
        """SIGKILL, as a crash; `start()` brings it back on the same port."""
        if self._process is not None:
            self._process.kill()

    def _run(self, launch: Launch, answers: Callable[[], bool], *, timeout_s: float, what: str) -> None:
        self._process = SupervisedProcess(launch)
        try:
            self._process.wait_until(answers, timeout_s=timeout_s, what=what)
        except BaseException:
            self._process.kill()
            raise

    def __enter__(self) -> Self:
        return self if self.running else super().__enter__()
