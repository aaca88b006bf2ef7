"""Probes of a process's health."""
from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from tests.integration.bus_harness import wait_until


class Probe:
    """Asks /live and /ready of a process on this port."""

    def __init__(self, port: int) -> None:
        self.port = port

    def live(self) -> bool:
        return self._ask("live")[0] == 200

    def ready(self) -> bool:
        return self._ask("ready")[0] == 200

    def failing(self) -> list[str]:
        """The checks of readiness that fail."""
        checks = self._ask("ready")[1].get("checks", {})
        return sorted(name for name, check in checks.items() if not check["ok"])

    def wait_ready(self) -> None:
        wait_until(self.ready, f"ready; failing are {self.failing()}", seconds=20)

    def wait_unready_but_alive(self, check: str) -> None:
        wait_until(lambda: check in self.failing(), f"{check} fails; failing are {self.failing()}")
        assert self.live()

    def metrics(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    def _ask(self, path: str) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except OSError:
            return 0, {}
