"""`zhongtai sandbox serve`, `reset` and `play`: a platform for app teams, with an app whose key is printed."""
from __future__ import annotations

import json
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json
from shared_components.cli.settings import json_option
from shared_components.configuration.listen_addresses import check_free
from shared_components.devstack.processes import LOOPBACK
from shared_components.runtime.supervisor import end_with_supervisor

if TYPE_CHECKING:
    from shared_components.devstack.platform_process import AppAccess, PlatformProcess

FOLDER = Path("var") / "app-sandbox"
CREDENTIALS, WANTED = "credentials.json", "reset-wanted"
APP = "app-sandbox"
POLL_S, RESET_PATIENCE_S = 0.1, 120.0
folder_option = click.option(
    "--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="Data and credentials.")


@click.command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Of HTTP, on 127.0.0.1.")
@folder_option
def serve(port: int, folder: Path) -> int:
    """Run a whole platform in one process, with seed and sandboxes, and print an app's credentials; until Ctrl-C."""
    end_with_supervisor()
    check_free(LOOPBACK, port)
    folder.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(24)
    try:
        while True:
            _run_once(folder, port, key)
    finally:
        (folder / CREDENTIALS).unlink(missing_ok=True)


@click.command("reset")
@folder_option
def reset(folder: Path) -> int:
    """Throw away all data of the running sandbox and seed it anew; address and key stay."""
    before = _credentials(folder)
    (folder / WANTED).touch()
    began = time.monotonic()
    while time.monotonic() < began + RESET_PATIENCE_S:
        if not (folder / WANTED).exists() and (folder / CREDENTIALS).exists():
            print(f"{before.url} is as new after {time.monotonic() - began:.1f} s")
            return 0
        time.sleep(POLL_S)
    raise WrongUse(f"the sandbox did not come back within {RESET_PATIENCE_S:g} s; see its log below {folder}")


@click.command("play")
@click.argument("scenario", metavar="SCENARIO")
@folder_option
@json_option
def play(scenario: str, folder: Path, as_json: bool) -> int:
    """Play a scenario on the running sandbox, such as paid-and-refunded; print the ids that it leaves."""
    from shared_components.testing.pacts.states import SCENARIOS

    if scenario not in SCENARIOS:
        raise WrongUse(f"no scenario '{scenario[:40]}'; scenarios are: {', '.join(SCENARIOS)}")
    left = SCENARIOS[scenario](_credentials(folder))
    if as_json:
        print_json(left)
    else:
        for name, value in left.items():
            print(f"{name}\t{value}")
    return 0


def _run_once(folder: Path, port: int, key: str) -> None:
    """One life of the platform: until a reset is wanted, or Ctrl-C."""
    from shared_components.devstack.platform_process import running_platform

    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    with running_platform(data, port=port, app_name=APP, key=key) as platform:
        _tell(folder, platform)
        (folder / WANTED).unlink(missing_ok=True)
        _wait_until((folder / WANTED).exists)
        (folder / CREDENTIALS).unlink()


def _tell(folder: Path, platform: PlatformProcess) -> None:
    path = folder / CREDENTIALS
    path.touch(mode=0o600)
    path.write_text(json.dumps({"url": platform.url, "app": platform.app, "app_key": platform.app_key}))
    print(f"HTTP         {platform.url}  (documentation at /docs)\napp          {platform.app}\n"
          f"app key      {platform.app_key}\npay channel  {platform.pay_url}\n"
          f"Beside it: zhongtai sandbox play paid-and-refunded, zhongtai sandbox reset. Ctrl-C stops it.",
          file=sys.stderr, flush=True)


def _credentials(folder: Path) -> AppAccess:
    from shared_components.devstack.platform_process import AppAccess

    try:
        told = json.loads((folder / CREDENTIALS).read_text(encoding="utf-8"))
        return AppAccess(told["url"], told["app"], told["app_key"])
    except (OSError, ValueError, KeyError):
        raise WrongUse(f"no sandbox runs in {folder}; `zhongtai sandbox serve` starts one") from None


def _wait_until(enough: Callable[[], bool]) -> None:
    while not enough():
        time.sleep(POLL_S)
