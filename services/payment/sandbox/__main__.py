"""Start the sandbox: prints one line of JSON with its port once it listens, and stops cleanly on SIGTERM."""
from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from services.payment.sandbox.application import Sandbox
from services.payment.sandbox.callbacks import Faults
from shared_components.devstack.helper_server import listen, serve

SECRET_VARIABLE = "ZHONGTAI_SANDBOX_SECRET"  # noqa: S105 - a variable's name
MERCHANT_VARIABLE = "ZHONGTAI_SANDBOX_MERCHANT_ID"
SHORTEST_SECRET = 16


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    secret = _secret(parser, options.secret_file)
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"sandbox: {options.host}:{options.port} cannot be listened on: {error.strerror}\n")
        return 1
    port = listener.getsockname()[1]
    base_url = options.public_url or f"http://{options.host}:{port}"
    sandbox = Sandbox(
        merchant_id=options.merchant_id, secret=secret, base_url=base_url, notify_url=options.notify_url,
        faults=Faults(
            delay_s=options.delay_s, duplicates=options.duplicates, disorder_s=options.disorder_s, loss=options.loss,
            refund_s=options.refund_s, refund_failure=options.refund_failure,
            answer_s=options.answer_s, error_before_work=options.error_before_work,
            error_after_work=options.error_after_work, seed=options.seed,
        ),
    )
    sys.stdout.write(json.dumps({"port": port, "base_url": base_url, "merchant_id": options.merchant_id}) + "\n")
    sys.stdout.flush()
    serve(sandbox.application(), listener, end_with_parent=options.end_with_parent)
    return 0


def _secret(parser: argparse.ArgumentParser, path: Path | None) -> bytes:
    """From a file or the environment, never from the arguments: those stand in the process list."""
    try:
        secret = path.read_text(encoding="utf-8").strip() if path else os.environ.get(SECRET_VARIABLE, "")
    except OSError as error:
        parser.error(f"--secret-file {path} cannot be read: {error.strerror}")
    if len(secret) < SHORTEST_SECRET:
        parser.error(f"the secret has {len(secret)} characters; {SHORTEST_SECRET} or more are needed, "
                     f"from --secret-file or {SECRET_VARIABLE}")
    return secret.encode()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox_server", description="A payment provider to practise with.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one (default)")
    parser.add_argument("--public-url", help="how payers reach it, if not by host and port")
    parser.add_argument("--notify-url", help="where callbacks go when a request names no address")
    parser.add_argument("--merchant-id", default=os.environ.get(MERCHANT_VARIABLE, "sandbox-merchant"))
    parser.add_argument("--secret-file", type=Path, help=f"or {SECRET_VARIABLE} in the environment")
    parser.add_argument("--end-with-parent", action="store_true", help="when the process that started it ends")
    faults = parser.add_argument_group("faults")
    faults.add_argument("--delay-s", type=float, default=0, help="before each callback")
    faults.add_argument("--duplicates", type=int, default=0, help="extra copies of each callback")
    faults.add_argument("--disorder-s", type=float, default=0, help="random extra delay, up to this")
    faults.add_argument("--loss", type=float, default=0, help="probability that a callback is never sent")
    faults.add_argument("--refund-s", type=float, default=0, help="how long a refund takes")
    faults.add_argument("--refund-failure", type=float, default=0, help="probability that a refund fails")
    faults.add_argument("--answer-s", type=float, default=0, help="how long each answer takes")
    faults.add_argument("--error-before-work", type=float, default=0,
                        help="probability that a request is not done and answered with 503")
    faults.add_argument("--error-after-work", type=float, default=0,
                        help="probability that a request is done and yet answered with 503")
    faults.add_argument("--seed", type=int, help="of the faults' randomness")
    return parser


if __name__ == "__main__":
    sys.exit(main())
