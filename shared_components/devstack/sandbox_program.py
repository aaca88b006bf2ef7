"""The program around a sandbox: its arguments, its secret, and the line in which it says where it listens."""
from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared_components.devstack.helper_server import listen, serve

SECRET_VARIABLE = "ZHONGTAI_SANDBOX_SECRET"  # noqa: S105 - a variable's name
SHORTEST_SECRET = 16


def sandbox_parser(prog: str, description: str, told: str) -> tuple[argparse.ArgumentParser, argparse._ArgumentGroup]:
    """The arguments that all sandboxes have; the group is that of faults. told: what it sends, such as a receipt."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one (default)")
    parser.add_argument("--secret-file", type=Path, help=f"or {SECRET_VARIABLE} in the environment")
    parser.add_argument("--end-with-parent", action="store_true", help="when the process that started it ends")
    faults = parser.add_argument_group("faults")
    faults.add_argument("--delay-s", type=float, default=0, help=f"before each {told}")
    faults.add_argument("--duplicates", type=int, default=0, help=f"extra copies of each {told}")
    faults.add_argument("--disorder-s", type=float, default=0, help="random extra delay, up to this")
    faults.add_argument("--loss", type=float, default=0, help=f"probability that a {told} is never sent")
    faults.add_argument("--answer-s", type=float, default=0, help="how long each answer takes")
    faults.add_argument("--error-before-work", type=float, default=0,
                        help="probability that a request is not done and answered with 503")
    faults.add_argument("--error-after-work", type=float, default=0,
                        help="probability that a request is done and yet answered with 503")
    faults.add_argument("--seed", type=int, help="of the faults' randomness")
    return parser, faults


def secret_of(parser: argparse.ArgumentParser, options: argparse.Namespace) -> bytes:
    """From a file or the environment, never from the arguments: those stand in the process list."""
    path: Path | None = options.secret_file
    try:
        secret = path.read_text(encoding="utf-8").strip() if path else os.environ.get(SECRET_VARIABLE, "")
    except OSError as error:
        parser.error(f"--secret-file {path} cannot be read: {error.strerror}")
    if len(secret) < SHORTEST_SECRET:
        parser.error(f"the secret has {len(secret)} characters; {SHORTEST_SECRET} or more are needed, "
                     f"from --secret-file or {SECRET_VARIABLE}")
    return secret.encode()


def callback_faults(options: argparse.Namespace) -> dict[str, Any]:
    """The fields of CallbackFaults, as they were given."""
    names = ("delay_s", "duplicates", "disorder_s", "loss", "answer_s", "error_before_work", "error_after_work", "seed")
    return {name: getattr(options, name) for name in names}


def serve_sandbox(options: argparse.Namespace, make: Callable[[str], tuple[Any, dict[str, Any]]]) -> int:
    """Serve until a signal; gives the exit code. make: address → (ASGI application, what the line tells besides)."""
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"sandbox: {options.host}:{options.port} cannot be listened on: {error.strerror}\n")
        return 1
    port = listener.getsockname()[1]
    application, told = make(f"http://{options.host}:{port}")
    sys.stdout.write(json.dumps({"port": port, **told}) + "\n")
    sys.stdout.flush()
    serve(application, listener, end_with_parent=options.end_with_parent)
    return 0
