"""Does what a page tells its reader to do, on a platform in this process; prints what came out as JSON.

`python -m tests.unit.docs.readme_world FOLDER PAGE…`. Run as a program: it patches its process, as `zhongtai run` does.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch(asyncio_hub=True)

import contextlib  # noqa: E402
import io  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import httpx  # noqa: E402

from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.configuration.loading import load_configuration  # noqa: E402
from shared_components.devstack.processes import free_port  # noqa: E402
from shared_components.devstack.sandbox import put_seed, start_sandbox  # noqa: E402
from shared_components.observability.logs import configure_logging  # noqa: E402
from shared_components.runtime.discovery import service_names  # noqa: E402
from shared_components.runtime.migrations import migrate_services  # noqa: E402
from shared_components.runtime.operator_socket import DEFAULT_SOCKET, OperatorServer  # noqa: E402
from shared_components.runtime.platform import running  # noqa: E402
from shared_components.security.proofs.key_folder import DEVELOPMENT_FOLDER  # noqa: E402
from tests.unit.docs.pages import Block, blocks, commands, needs_rabbitmq  # noqa: E402

WRITTEN_ADDRESS = "http://127.0.0.1:8000"
READY_TIMEOUT_S = 30.0


def main(folder: Path, pages: list[Path]) -> None:
    with contextlib.ExitStack() as stack:
        shell = Shell(folder)
        configure_logging("info", "json", stream=stack.enter_context((folder / "log").open("w", encoding="utf-8")))
        configuration = started(stack, folder)
        results = {
            str(block): outcome
            for page in pages for block in blocks(page)
            if (outcome := done(block, configuration["http"]["public_url"], shell)) is not None
        }
    sys.stdout.write(json.dumps(results))


def started(stack: contextlib.ExitStack, folder: Path) -> dict[str, Any]:
    """The platform as `zhongtai run` starts it for a newcomer; its configuration."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    path = folder / "zhongtai.yaml"
    path.write_text(json.dumps({
        "database": {"url": f"sqlite:///{folder}/zhongtai.db"}, "http": {"port": port, "public_url": address},
        "security": {
            "master_key_file": str(folder / "master.key"),
            # Where a command of the reader, in this folder, has it by default.
            "keys_folder": str(folder / DEVELOPMENT_FOLDER)},
    }))
    configuration = start_sandbox(stack, folder).configured(load_configuration(path, environ={}))
    migrate_services(configuration["database"]["url"])
    stack.enter_context(running(configuration, service_names()))
    until = time.monotonic() + READY_TIMEOUT_S
    while httpx.get(f"{address}/ready").status_code != 200 and time.monotonic() < until:
        time.sleep(0.05)
    with BusClient.from_configuration(configuration, caller="operator") as operator:
        put_seed(operator)
    socket = folder / DEFAULT_SOCKET
    socket.parent.mkdir(parents=True, mode=0o700)
    served = OperatorServer(
        socket, configuration["broker"]["url"], BusClient.from_configuration(configuration, caller="operator"))
    stack.callback(served.start().stop)
    os.environ["ZHONGTAI_APP_BROKER_URL"] = configuration["broker"]["url"]
    return configuration


def done(block: Block, address: str, shell: Shell) -> str | None:
    """Run a block and give its output; None for a block that is not for this platform."""
    if block.language == "console":
        return "".join(shell.run(command.replace(WRITTEN_ADDRESS, address)) for command, _ in commands(block))
    if block.language == "python" and not needs_rabbitmq(block):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(block.text, str(block), "exec"), {"__name__": "__main__"})  # noqa: S102 -- our own pages
        return said.getvalue()
    return None


class Shell:
    """Runs commands one by one beside the platform, as in one terminal: variables and functions stay.

    folder: the reader's; the operator's socket lies below it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._state = folder, folder / "shell-state"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("ZHONGTAI_")}, "PATH": path}

    def run(self, command: str) -> str:
        """Give the command's output."""
        # Variables that bash itself sets are read-only, which it says for each.
        script = (f"source {self._state} 2>/dev/null\n{command}\n"
                  f"{{ declare -p; declare -f; }} > {self._state}\n")
        ran = subprocess.run(["bash", "-c", script], cwd=self._folder, env=self._environment, capture_output=True,
                             text=True, timeout=60, check=False)
        return ran.stdout + ran.stderr


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
