"""Messages that wait in identity's queue on a real RabbitMQ: no password, code, token or app key can be read there."""
from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from shared_components.bus.amqp import names, topology
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.client.sealing import SealingBus
from shared_components.bus.server.sealed_arguments import SealedArguments
from shared_components.contracts.base import secret_fields
from shared_components.runtime.discovery import contract_of
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.seal_keys import SealKeys
from shared_components.security.sealed_secrets import Opener
from tests.integration.bus_harness import RawBroker

pytestmark = pytest.mark.integration
CANARY = "canary-7K2QX9MTRW"
IDENTITY = contract_of("identity")
SECRET = {name: fields for name, method in IDENTITY.methods.items() if (fields := secret_fields(method.request))}
MUST_HAVE = {
    "continue_login": "answers", "oauth_token": "parameters", "oauth_introspect": "authorization",
    "introspect_token": "token", "change_password": "new_password", "change_account": "answers",
    "begin_login": "browser", "confirm_identity": "secret", "finish_totp": "code", "oauth_app_token": "authorization",
}


async def sent(url: str, keys: KeyFolder | None) -> list[bytes]:
    """The messages of one call of each method that takes a secret, as they wait; nobody answers."""
    async with AsyncBusClient(url, caller="operator") as client:
        bus = SealingBus(client, [IDENTITY], keys)
        calls = [asyncio.create_task(bus.call(
            "identity", name, dict.fromkeys(fields, CANARY), timeout_s=60, op_id=f"op-{name}"))
            for name, fields in SECRET.items()]
        found: list[bytes] = []
        while sum(len(json.loads(body)) for body in found) < len(calls):
            await asyncio.sleep(0.05)
            found += await asyncio.to_thread(waiting, url)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        return found


def waiting(url: str) -> list[bytes]:
    """The bodies of all messages in the queue, as whoever may read it sees them."""
    with RawBroker(url) as raw:
        found = []
        while (message := raw.channel.basic_get(names.rpc_queue("identity"), no_ack=True)) is not None:
            body = message.body
            found.append(body if isinstance(body, bytes) else body.encode())
        return found


def test_no_secret_of_a_call_can_be_read_in_the_queue(broker_url: str, tmp_path: Path) -> None:
    assert {name: field for name, field in MUST_HAVE.items() if field not in SECRET.get(name, ())} == {}
    keys = KeyFolder(tmp_path, makes=True)
    with RawBroker(broker_url) as raw:
        topology.declare_rpc(raw.channel, "identity")
        raw.channel.queue_purge(names.rpc_queue("identity"))
    plain = b"".join(asyncio.run(sent(broker_url, None)))
    assert plain.count(CANARY.encode()) == sum(map(len, SECRET.values())), "unsealed, the same look finds them"
    bodies = asyncio.run(sent(broker_url, keys))
    assert CANARY.encode() not in b"".join(bodies)
    calls = [call for body in bodies for call in json.loads(body)]
    arguments = SealedArguments("identity", IDENTITY.methods, Opener("identity", SealKeys("identity", keys).private))
    opened = {call["method"]: arguments.opened(call["method"], call["kwargs"]) for call in calls}
    assert opened == {name: dict.fromkeys(fields, CANARY) for name, fields in SECRET.items()}
