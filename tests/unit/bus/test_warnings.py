"""Warnings in a program that uses our clients: only of its own code, never of our dependencies."""
from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import asyncio, contextlib, warnings
from shared_components.bus.client.blocking import BusClient
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.kernel.errors import AppError

async def ask():
    async with AsyncBusClient("amqp://127.0.0.1:1/", caller="app") as client:
        await client.payment.list_fee_items(timeout_s=0.05)

with contextlib.suppress(AppError), BusClient("amqp://127.0.0.1:1/", caller="app") as client:
    client.payment.list_fee_items(timeout_s=0.05)
with contextlib.suppress(AppError):
    asyncio.run(ask())
warnings.warn("Eventlet is deprecated, says somebody else", DeprecationWarning)
warnings.warn("mine", DeprecationWarning)
"""


def test_a_program_sees_its_own_warnings_and_not_that_of_our_eventlet() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert [line.partition("Warning: ")[2] for line in ran.stderr.splitlines() if "Warning: " in line] == [
        "Eventlet is deprecated, says somebody else", "mine"], ran.stderr
