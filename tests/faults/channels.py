"""Payment and the gateway with payment providers around them, each a process of its own."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from shared_components.bus import BusClient
from shared_components.devstack.processes import free_port
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.workers import ROOT
from tests.faults.world import World
from tests.unit.payment.channels.providers.kits import provider_process
from tests.unit.payment.channels.story import Story, kit_of, section
from tests.unit.payment.sandbox.process import sandbox_process
from tests.unit.payment.world import FEE_ITEM

ALL = ("sandbox", "wechat", "alipay")
READY_S = 60


@dataclass
class ChannelWorld:
    """stories: channel → what can be done and looked at there."""

    world: World
    operator: BusClient
    stories: dict[str, Story]

    def balances(self) -> dict[str, int]:
        """account → balance, debit positive."""
        trial = self.operator.payment.trial_balance(timeout_s=30)
        found = {account["account"]: int(account["balance_minor"]) for account in trial["accounts"]}
        return found if trial["balanced"] else {**found, "UNBALANCED": 1}


@contextmanager
def channel_world(lab: Lab, name: str, *channels: str, processes: int = 1) -> Iterator[ChannelWorld]:
    """processes: of payment."""
    with lab.world(name, "payment") as world, ExitStack() as stack:
        keys, port = Path(stack.enter_context(TemporaryDirectory())), free_port()
        urls = {each: stack.enter_context(_provider(each, keys)) for each in channels}
        sections = {each: section(each, keys, url, port) for each, url in urls.items()}
        configuration = _configured(world, port, sections)
        started = [world.workers.start("payment", wait=False, configuration=configuration) for _ in range(processes)]
        stack.enter_context(_gateway(configuration, world.folder / "gateway.log"))
        world.workers.wait_started(*started)
        if not wait_for(lambda: _is_ready(port), READY_S):
            raise RuntimeError("the gateway did not become ready")
        operator = world.client(caller="operator")
        operator.payment.put_fee_item(**FEE_ITEM, timeout_s=30)
        stories = {each: Story(kit_of(each, url, sections[each]), port, operator) for each, url in urls.items()}
        yield ChannelWorld(world, operator, stories)


def _provider(name: str, keys: Path) -> AbstractContextManager[str]:
    return sandbox_process() if name == "sandbox" else provider_process(name, keys)


@contextmanager
def _gateway(configuration: Path, log: Path) -> Iterator[None]:
    """It keeps nothing, so no experiment ends it; and no protection of the bus is in it that could be turned off."""
    command = [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "--config", str(configuration)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "serve", "gateway"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _configured(world: World, port: int, sections: Mapping[str, object]) -> Path:
    path = world.configure("channels", services={"payment": sections})
    path.write_text(json.dumps({**json.loads(path.read_text()), "http": {"port": port}}))
    return path


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/ready", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
