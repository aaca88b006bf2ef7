"""Change how many processes of a service there are: of our supervisor, of Docker Compose, of Kubernetes."""
from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Unavailable
from shared_components.runtime.supervisor_socket import SupervisorClient
from shared_components.runtime.worker_counts import check_count

COMMAND_TIMEOUT_S = 120.0
PART_OF = "app.kubernetes.io/part-of=zhongtai"
Command = list[str]


class ScalerFailed(Unavailable):
    """The program that scales is missing, or it refused."""

    code = "cli.scaler-failed"
    texts = {"en": "The number of processes could not be changed.", "zh": "未能更改进程数。"}


class Scaler(Protocol):
    def counts(self) -> dict[str, int]:
        """Service → how many processes it is to have now."""

    def scale(self, counts: Mapping[str, int]) -> None:
        """Raises WrongUse for a service or a number that cannot be, and ScalerFailed."""

    def described(self, counts: Mapping[str, int]) -> list[str]:
        """Describe what `scale` would do, a line each; nothing is changed."""


class SupervisorScaler:
    """By the operator's socket of a `zhongtai run` on RabbitMQ."""

    def __init__(self, socket: str) -> None:
        self._socket = socket

    def counts(self) -> dict[str, int]:
        with SupervisorClient(self._socket) as client:
            return client.wanted()

    def scale(self, counts: Mapping[str, int]) -> None:
        with SupervisorClient(self._socket) as client:
            client.scale(counts)

    def described(self, counts: Mapping[str, int]) -> list[str]:
        now = self.counts()
        _check_all(counts, now)
        return [f"{service}: {now[service]} → {count} processes" for service, count in counts.items()]


class ComposeScaler:
    """By `docker compose`; what runs is not created anew, and nothing that it depends on is touched."""

    def __init__(self, file: str) -> None:
        self._compose = ["docker", "compose", "-f", file]

    def counts(self) -> dict[str, int]:
        told = _run([*self._compose, "ps", "--format", "json"])
        found = dict.fromkeys(_run([*self._compose, "config", "--services"]).split(), 0)
        for container in _json_lines(told):
            if container.get("State") == "running":
                found[container["Service"]] = found.get(container["Service"], 0) + 1
        return found

    def scale(self, counts: Mapping[str, int]) -> None:
        _check_all(counts, self.counts(), one_host=False)
        _run(self._command(counts))

    def described(self, counts: Mapping[str, int]) -> list[str]:
        _check_all(counts, counts, one_host=False)
        return [" ".join(self._command(counts))]

    def _command(self, counts: Mapping[str, int]) -> Command:
        numbers = [word for service, count in counts.items() for word in ("--scale", f"{service}={count}")]
        return [*self._compose, "up", "--detach", "--no-deps", "--no-recreate", *numbers, *counts]


class KubernetesScaler:
    """By `kubectl`. Where KEDA scales a Deployment, the count becomes its floor: KEDA would undo anything else."""

    def __init__(self, namespace: str) -> None:
        self._kubectl = ["kubectl", "--namespace", namespace]

    def counts(self) -> dict[str, int]:
        told = json.loads(_run([*self._kubectl, "get", "deployments", "--selector", PART_OF, "--output", "json"]))
        return {one["metadata"]["name"]: int(one["spec"].get("replicas", 1)) for one in told["items"]}

    def scale(self, counts: Mapping[str, int]) -> None:
        _check_all(counts, self.counts(), one_host=False)
        for command in self._commands(counts, self._by_keda(counts)):
            _run(command)

    def described(self, counts: Mapping[str, int]) -> list[str]:
        _check_all(counts, counts, one_host=False)
        return [" ".join(command) for command in self._commands(counts, {})]

    def _by_keda(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Service → the ceiling of its ScaledObject, of those that have one."""
        names = [f"scaledobject/{service}" for service in counts]
        told = _run([*self._kubectl, "get", *names, "--ignore-not-found", "--output", "json"])
        return {one["metadata"]["name"]: int(one["spec"].get("maxReplicaCount", 100)) for one in _items(told)}

    def _commands(self, counts: Mapping[str, int], ceilings: Mapping[str, int]) -> Iterator[Command]:
        for service, count in counts.items():
            if service in ceilings:
                bounds = {"minReplicaCount": count, "maxReplicaCount": max(count, ceilings[service])}
                yield [*self._kubectl, "patch", f"scaledobject/{service}", "--type=merge",
                       f"--patch={json.dumps({'spec': bounds}, separators=(',', ':'))}"]
            else:
                yield [*self._kubectl, "scale", f"deployment/{service}", f"--replicas={count}"]


def _check_all(counts: Mapping[str, int], known: Mapping[str, int], *, one_host: bool = True) -> None:
    for service, count in counts.items():
        # In containers each gateway has an address of its own.
        check_count(count, service, sorted(known), one_host=one_host)


def _run(command: Sequence[str]) -> str:
    program = command[0]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise ScalerFailed(Bilingual(
            f"program '{program}' is not found on the PATH", f"PATH 中没有程序“{program}”")) from None
    except subprocess.TimeoutExpired:
        raise ScalerFailed(Bilingual(
            f"'{program}' has not ended after {COMMAND_TIMEOUT_S:g} s",
            f"“{program}”在 {COMMAND_TIMEOUT_S:g} 秒后仍未结束")) from None
    if done.returncode != 0:
        said = next(iter(done.stderr.strip().splitlines()[-1:]), "no message")
        raise ScalerFailed(Bilingual(
            f"'{program}' ended with {done.returncode}: {said[:300]}",
            f"“{program}”以 {done.returncode} 结束：{said[:300]}"))
    return done.stdout


def _items(told: str) -> list[dict[str, Any]]:
    """Read the objects of `kubectl get --output json`, which prints one, a list, or nothing."""
    content = json.loads(told) if told.strip() else {"items": []}
    return list(content["items"]) if "items" in content else [content]


def _json_lines(text: str) -> list[dict[str, Any]]:
    """Read one object a line, or one list: versions of Docker Compose differ."""
    text = text.strip()
    if text.startswith("["):
        return list(json.loads(text))
    return [json.loads(line) for line in text.splitlines() if line.strip()]
