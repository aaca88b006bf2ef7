"""`rabbitmqctl` of the broker's host or container: definitions out and in, users removed."""
from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from shared_components.bus.deployment.administration import BrokerNotManaged
from shared_components.kernel.bilingual import Bilingual

TIMEOUT_S = 120.0


class Rabbitmqctl:
    """command: how it is started, as `["docker", "compose", "exec", "-T", "rabbitmq", "rabbitmqctl"]`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._command = list(command)
        self._environment = dict(os.environ if environment is None else environment)

    def export_definitions(self) -> dict[str, Any]:
        """Raises BrokerNotManaged."""
        text = self._run("export_definitions", "-", "--format", "json")
        try:
            content: dict[str, Any] = json.loads(text[text.index("{"):])
        except ValueError:
            raise BrokerNotManaged(Bilingual(
                "rabbitmqctl export_definitions gave no JSON",
                "rabbitmqctl export_definitions 的输出不是 JSON")) from None
        return content

    def import_definitions(self, content: Mapping[str, Any]) -> None:
        """Definitions go in by standard input: they hold hashes of passwords. Raises BrokerNotManaged."""
        self._run("import_definitions", given=json.dumps(content))

    def delete_user(self, name: str) -> None:
        """Raises BrokerNotManaged."""
        self._run("delete_user", name)

    def close_connections(self, user: str, reason: str) -> None:
        """Close the user's connections. Raises BrokerNotManaged."""
        self._run("close_all_user_connections", user, reason)

    def _run(self, *arguments: str, given: str | None = None) -> str:
        try:
            done = subprocess.run(
                [*self._command, "--quiet", *arguments], input=given if given is not None else "", text=True,
                capture_output=True, timeout=TIMEOUT_S, env=self._environment, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BrokerNotManaged(Bilingual(
                f"'{self._command[0]}' cannot be run: {type(error).__name__}",
                f"无法执行“{self._command[0]}”：{type(error).__name__}")) from None
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise BrokerNotManaged(Bilingual(
                f"rabbitmqctl {arguments[0]} ended with {done.returncode}: {said[-1:]}",
                f"rabbitmqctl {arguments[0]} 退出码为 {done.returncode}：{said[-1:]}"))
        return done.stdout
