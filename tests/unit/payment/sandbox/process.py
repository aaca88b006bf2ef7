"""The real sandbox server as a process, and the suite's merchant that hears its callbacks."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services.payment.channels.adapters.sandbox.channel import SandboxChannel
from shared_components.testing.ports.channels import Merchant

__all__ = ["MERCHANT", "MODULE", "SECRET", "Merchant", "sandbox_channel", "sandbox_process"]

MODULE = "services.payment.sandbox"
MERCHANT = "merchant-test"
SECRET = "a-secret-for-tests-only"


@contextmanager
def sandbox_process(*options: str) -> Iterator[str]:
    """The server's base URL. It must stop by itself on SIGTERM, with exit code 0."""
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, "--merchant-id", MERCHANT, *options],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "ZHONGTAI_SANDBOX_SECRET": SECRET},
    )
    assert process.stdout is not None
    try:
        yield str(json.loads(process.stdout.readline())["base_url"])
    finally:
        process.terminate()
        try:
            code = process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            process.stdout.close()
    assert code == 0


@contextmanager
def sandbox_channel(base_url: str, notify_url: str, **settings: Any) -> Iterator[SandboxChannel]:
    channel = SandboxChannel(
        **{"base_url": base_url, "merchant_id": MERCHANT, "secret": SECRET, "notify_url": notify_url, **settings}
    )
    try:
        yield channel
    finally:
        channel.stop()
