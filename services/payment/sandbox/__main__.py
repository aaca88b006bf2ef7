"""Start the sandbox: prints one line of JSON with its port once it listens, and stops cleanly on SIGTERM."""
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from services.payment.sandbox.application import Sandbox
from services.payment.sandbox.callbacks import Faults
from shared_components.devstack.sandbox_program import callback_faults, sandbox_parser, secret_of, serve_sandbox

MERCHANT_VARIABLE = "ZHONGTAI_SANDBOX_MERCHANT_ID"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    secret = secret_of(parser, options)

    def make(address: str) -> tuple[Any, dict[str, Any]]:
        base_url = options.public_url or address
        sandbox = Sandbox(
            merchant_id=options.merchant_id, secret=secret, base_url=base_url, notify_url=options.notify_url,
            faults=Faults(
                refund_s=options.refund_s, refund_failure=options.refund_failure, **callback_faults(options)))
        return sandbox.application(), {"base_url": base_url, "merchant_id": options.merchant_id}

    return serve_sandbox(options, make)


def _parser() -> argparse.ArgumentParser:
    parser, faults = sandbox_parser("sandbox_server", "A payment provider to practise with.", "callback")
    parser.add_argument("--public-url", help="how payers reach it, if not by host and port")
    parser.add_argument("--notify-url", help="where callbacks go when a request names no address")
    parser.add_argument("--merchant-id", default=os.environ.get(MERCHANT_VARIABLE, "sandbox-merchant"))
    faults.add_argument("--refund-s", type=float, default=0, help="how long a refund takes")
    faults.add_argument("--refund-failure", type=float, default=0, help="probability that a refund fails")
    return parser


if __name__ == "__main__":
    sys.exit(main())
