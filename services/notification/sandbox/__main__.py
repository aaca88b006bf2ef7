"""Start the sandbox: prints one line of JSON with its port once it listens, and stops cleanly on SIGTERM."""
from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from services.notification.sandbox.application import Sandbox
from shared_components.devstack.helper_server import listen, serve
from shared_components.devstack.signed_callbacks import CallbackFaults

SECRET_VARIABLE = "ZHONGTAI_SANDBOX_SECRET"  # noqa: S105 - a variable's name
SHORTEST_SECRET = 16


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    secret = os.environ.get(SECRET_VARIABLE, "")  # never from the arguments: those stand in the process list
    if len(secret) < SHORTEST_SECRET:
        parser.error(f"the secret has {len(secret)} characters; {SHORTEST_SECRET} or more are needed, "
                     f"from {SECRET_VARIABLE}")
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"sandbox: {options.host}:{options.port} cannot be listened on: {error.strerror}\n")
        return 1
    sandbox = Sandbox(account=options.account, secret=secret.encode(), faults=CallbackFaults(
        delay_s=options.delay_s, duplicates=options.duplicates, disorder_s=options.disorder_s, loss=options.loss,
        answer_s=options.answer_s, error_before_work=options.error_before_work,
        error_after_work=options.error_after_work, seed=options.seed))
    port = listener.getsockname()[1]
    told = {"port": port, "base_url": f"http://{options.host}:{port}", "account": options.account}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    serve(sandbox.application(), listener, end_with_parent=options.end_with_parent)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description="A provider of text messages to practise with.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one (default)")
    parser.add_argument("--account", default="sandbox-account")
    parser.add_argument("--end-with-parent", action="store_true", help="when the process that started it ends")
    faults = parser.add_argument_group("faults")
    faults.add_argument("--delay-s", type=float, default=0, help="before each receipt")
    faults.add_argument("--duplicates", type=int, default=0, help="extra copies of each receipt")
    faults.add_argument("--disorder-s", type=float, default=0, help="random extra delay, up to this")
    faults.add_argument("--loss", type=float, default=0, help="probability that a receipt is never sent")
    faults.add_argument("--answer-s", type=float, default=0, help="how long each answer takes")
    faults.add_argument("--error-before-work", type=float, default=0,
                        help="probability that a request is not done and answered with 503")
    faults.add_argument("--error-after-work", type=float, default=0,
                        help="probability that a request is done and yet answered with 503")
    faults.add_argument("--seed", type=int, help="of the faults' randomness")
    return parser


if __name__ == "__main__":
    sys.exit(main())
