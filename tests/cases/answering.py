"""matter on inproc:// and SQLite, asked by two at once: one sends what is made to cost, the other asks for the list.

Arguments: folder. Prints what each saw as a line of JSON. Run as a program, since eventlet patches a whole process.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

if __name__ == "__main__":
    patch()

import json
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from services.matter.service import MatterService
from shared_components.bus.client.blocking import BusClient
from shared_components.configuration.loading import for_service, load_configuration
from shared_components.db import migrate
from shared_components.kernel.errors import AppError
from shared_components.observability.health import Health
from shared_components.runtime.host import ServiceHost
from tests.cases.definitions import a_definition, as_yaml

EVIL_RULE = "^([A-Za-z0-9._-]+)+@example[.]org$"
EVIL_VALUE = "a" * 40 + "!"


def main(folder: Path) -> None:
    database = f"sqlite:///{folder / 'zhongtai.db'}"
    (folder / "zhongtai.yaml").write_text(yaml.safe_dump({"security": {"master_key_file": str(folder / "key")}}))
    configuration = load_configuration(
        folder / "zhongtai.yaml", environ={"ZHONGTAI_BROKER_URL": "inproc://", "ZHONGTAI_DATABASE_URL": database})
    migrate(database, "matter")
    host = ServiceHost([MatterService], partial(for_service, configuration), Health())
    host.start()
    operator = BusClient.from_configuration(configuration, caller="operator")
    app = BusClient.from_configuration(configuration, caller="gateway")
    form = {"type": "object", "properties": {"address": {"type": "string", "pattern": EVIL_RULE}}}
    operator.matter.publish_definition(definition_yaml=as_yaml(a_definition(form=form)), allow_missing=True)
    waits: list[float] = []
    ended = threading.Event()
    threading.Thread(target=_ask_for_the_list, args=(app, waits, ended), daemon=True).start()
    evil = [_code(lambda: app.matter.start_case(
        matter_code="small-matter", applicant_subject="sub_1", form={"address": EVIL_VALUE})) for _ in range(20)]
    publications = [
        _code(lambda text=text: operator.matter.publish_definition(definition_yaml=text))  # type: ignore[misc]
        for text in ("[" * 190_000, "a: [" + "x: y," * 35_000 + "]", "{a: " * 40_000)]
    time.sleep(0.5)
    ended.set()
    host.stop(10)
    sys.stdout.write(json.dumps({
        "evil": evil, "publications": publications, "others": len(waits), "slowest_s": max(waits)}) + "\n")


def _ask_for_the_list(app: Any, waits: list[float], ended: threading.Event) -> None:
    while not ended.wait(0.01):
        began = time.perf_counter()
        app.matter.list_matters()
        waits.append(time.perf_counter() - began)


def _code(call: Callable[[], Any]) -> str:
    try:
        call()
    except AppError as error:
        return error.code
    return "accepted"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
