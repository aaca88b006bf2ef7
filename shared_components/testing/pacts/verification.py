"""Verify pacts: each interaction of each consumer, with what would break."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from shared_components.contracts.consumers.errors import ConsumerFileInvalid, ProviderStateUnknown
from shared_components.contracts.consumers.pact_files import MESSAGE, PactFile, event_of
from shared_components.contracts.store import FILE, read_contract
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Unavailable
from shared_components.runtime.discovery import service_folder, service_names
from shared_components.testing.pacts.state_server import state_server
from shared_components.testing.pacts.states import STATES

MODULE = "shared_components.testing.pacts.verifier_process"
TIMEOUT_S = 300.0


class PactMissing(Unavailable):
    code = "testing.pact-missing"
    texts = {"en": "pact-python is not installed.", "zh": "未安装 pact-python。"}


class StateNotMade(Unavailable):
    code = "testing.state-not-made"
    texts = {"en": "A provider state could not be made.", "zh": "未能准备提供方状态。"}


@dataclass(frozen=True)
class Verdict:
    """One interaction. problems: what the consumer expects and does not get; empty when it holds."""

    consumer: str
    provider: str
    interaction: str
    problems: tuple[str, ...]

    def __str__(self) -> str:
        held = "holds" if not self.problems else "BREAKS: " + "; ".join(self.problems)
        return f"{self.consumer} → {self.provider}, {self.interaction}: {held}"


def check_pacts(pacts: Sequence[PactFile]) -> None:
    """Before anything is started. Raises ProviderStateUnknown, ConsumerFileInvalid, PactMissing."""
    for pact in pacts:
        if pact.provider not in service_names():
            raise ConsumerFileInvalid(Bilingual(
                f"pact '{pact.path}': provider '{pact.provider[:40]}' is no service; services are: "
                f"{', '.join(service_names())}",
                f"契约文件“{pact.path}”：提供方“{pact.provider[:40]}”不是服务；现有服务：{'、'.join(service_names())}"))
        for description, state in pact.states():
            if state not in STATES:
                raise ProviderStateUnknown(Bilingual(
                    f"pact '{pact.path}', '{description[:80]}': no provider state '{state[:80]}'; states are: "
                    f"{', '.join(STATES)}",
                    f"契约文件“{pact.path}”，“{description[:80]}”：没有提供方状态“{state[:80]}”；可用：{'、'.join(STATES)}"))
        events = _events(pact.provider)
        for kind in (event_of(one) for one in pact.interactions if one["type"] == MESSAGE):
            if kind not in events:
                raise ConsumerFileInvalid(Bilingual(
                    f"pact '{pact.path}': {pact.provider} has no event '{kind[:80]}'; events are: {', '.join(events)}",
                    f"契约文件“{pact.path}”：{pact.provider} 没有事件“{kind[:80]}”；现有：{'、'.join(events)}"))
    if find_spec("pact") is None:
        raise PactMissing(Bilingual(
            "pact-python is not installed; `pip install 'zhongtai[pact]'` installs it",
            "未安装 pact-python；请执行 `pip install 'zhongtai[pact]'`"))


def verify(
    pacts: Sequence[PactFile], *, url: str, key: str, make_state: Callable[[str], Mapping[str, Any]],
) -> Iterator[Verdict]:
    """Verify against the HTTP API at `url`; events are those that a platform has sent and the contract shows."""
    prepared: dict[str, list[Mapping[str, Any]]] = {}
    with state_server(lambda name: prepared[name].pop() if prepared.get(name) else make_state(name)) as states:
        for pact in pacts:
            # Before: the verifier waits a few seconds for a state, and gives up.
            for description, name in pact.states():
                prepared.setdefault(name, []).append(_made(pact, description, name, make_state))
            yield from _verdicts(pact, _run({
                "provider": pact.provider, "url": url, "states": states, "key": key, "file": str(pact.path.absolute()),
                "events": _events(pact.provider)}))


def _made(
    pact: PactFile, description: str, name: str, make_state: Callable[[str], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Raises StateNotMade, which names pact, interaction and state."""
    try:
        return make_state(name)
    except AppError as error:
        raise StateNotMade(Bilingual(
            f"pact '{pact.path}', '{description[:80]}': state '{name}' could not be made: {error.message}",
            f"契约文件“{pact.path}”，“{description[:80]}”：无法准备状态“{name}”：{error.message_in('zh')}")) from error


def _events(provider: str) -> dict[str, Any]:
    contract = read_contract(service_folder(provider) / FILE)
    return {event["type"]: event["example"] for event in contract["events"].values() if "example" in event}


def _run(given: Mapping[str, Any]) -> Mapping[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", MODULE], input=json.dumps(given), capture_output=True, text=True,
        check=False, timeout=TIMEOUT_S, env={
            **os.environ, "PACT_DO_NOT_TRACK": "true",
            "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)})
    if ran.returncode != 0:
        last = (ran.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ConsumerFileInvalid(Bilingual(
            f"pact '{given['file']}': the verifier ended: {last[:200]}",
            f"契约文件“{given['file']}”：校验程序异常结束：{last[:200]}"))
    result: Mapping[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return result


def _verdicts(pact: PactFile, result: Mapping[str, Any]) -> Iterator[Verdict]:
    for one in result["interactionResults"]:
        problems = [_told(each) for each in one.get("mismatch", {}).get("mismatches", ())]
        if one["result"] != "OK" and not problems:
            problems = [str(one.get("mismatch", {}).get("message", "the state could not be made"))]
        yield Verdict(pact.consumer, pact.provider, str(one["description"]), tuple(problems))


def _told(mismatch: Mapping[str, Any]) -> str:
    where = str(mismatch.get("path") or mismatch.get("key") or "")
    text = str(mismatch["mismatch"]).splitlines()[0]
    return f"{where}: {text}" if where else text
