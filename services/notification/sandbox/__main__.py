"""Start the sandbox: prints one line of JSON with its port once it listens, and stops cleanly on SIGTERM."""
from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from services.notification.sandbox.application import Sandbox
from shared_components.devstack.sandbox_program import callback_faults, sandbox_parser, secret_of, serve_sandbox
from shared_components.devstack.signed_callbacks import CallbackFaults


def main(arguments: Sequence[str] | None = None) -> int:
    parser, _ = sandbox_parser("sandbox", "A provider of text messages to practise with.", "receipt")
    parser.add_argument("--account", default="sandbox-account")
    options = parser.parse_args(arguments)
    secret = secret_of(parser, options)

    def make(address: str) -> tuple[Any, dict[str, Any]]:
        sandbox = Sandbox(account=options.account, secret=secret, faults=CallbackFaults(**callback_faults(options)))
        return sandbox.application(), {"base_url": address, "account": options.account}

    return serve_sandbox(options, make)


if __name__ == "__main__":
    sys.exit(main())
