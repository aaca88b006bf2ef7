"""Identity on a bus, by itself: a person from registration to level 3 and closing. Run as a program.

Arguments: broker URL, database URL, folder for the key. Prints what happened as one line of JSON; logs to stderr.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from concurrent.futures import ThreadPoolExecutor  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from sqlalchemy import text  # noqa: E402

from services.identity.commands.transactions import IdentityTransactions  # noqa: E402
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm  # noqa: E402
from services.identity.sandbox import PERSONS  # noqa: E402
from services.identity.service import IdentityService  # noqa: E402
from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.configuration.loading import load_configuration  # noqa: E402
from shared_components.contracts import service_contract  # noqa: E402
from shared_components.db import ALL_TENANTS, Database, migrate  # noqa: E402
from shared_components.kernel.errors import AppError  # noqa: E402
from shared_components.observability import configure_logging, register_contract  # noqa: E402
from shared_components.runtime.platform import Platform  # noqa: E402

LIN = {"name": "林静", "id_number": "33010619850615002X", "mobile": "13800138000", "email": "lin.jing@example.org"}
PRESENT = {"presence_token": "sandbox-present"}
AT_ONCE = 20


def main(broker_url: str, database_url: str, folder: str) -> None:
    configure_logging("info", "json")
    register_contract(service_contract(IdentityService))
    settings = Path(folder) / "zhongtai.yaml"
    settings.write_text(f"security:\n  master_key_file: {folder}/master.key\n")
    urls = {"ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": database_url}
    configuration = load_configuration(settings, environ=urls)
    migrate(database_url, "identity")
    platform = Platform(configuration, ["identity"])
    platform.start()
    try:
        clients = {name: BusClient.from_configuration(configuration, caller=name).identity
                   for name in ("app-hall", "matter", "operator")}
        seen = story(clients) | secret_replies(configuration, clients["operator"])
    finally:
        clean = platform.stop()
    sys.stdout.write(json.dumps({**seen, "clean": clean}, ensure_ascii=False) + "\n")


def story(clients: dict[str, Any]) -> dict[str, Any]:
    app, matter, operator = clients["app-hall"], clients["matter"], clients["operator"]
    first = app.register_person(**LIN, op_id="register-1")
    subject_id = first["subject_id"]
    seen: dict[str, Any] = {"shown": [first[key] for key in ("name", "id_number", "mobile", "email", "level")]}
    seen["same reply"] = app.register_person(**LIN, op_id="register-1") == first
    seen["again"] = code_of(lambda: app.register_person(**LIN))
    seen["levels"] = [
        app.add_evidence(subject_id=subject_id, kind="name-number-match")["level"],
        app.add_evidence(subject_id=subject_id, kind="proof-of-presence", data=PRESENT, op_id="presence-1")["level"],
        app.add_evidence(subject_id=subject_id, kind="proof-of-presence", data=PRESENT, op_id="presence-1")["level"],
    ]
    seen["evidence"] = [item["kind"] for item in app.list_evidence(subject_id=subject_id)["items"]]
    seen["refused"] = code_of(lambda: app.add_evidence(subject_id=subject_id, kind="certificate"))
    seen["counter"] = code_of(lambda: app.add_evidence(subject_id=subject_id, kind="counter-check"))
    shown = matter.get_subject_for_case(subject_id=subject_id, purpose="D case_1")
    seen["for case"] = [shown[key] for key in ("name", "id_number", "email", "level")]
    seen["not for apps"] = [
        code_of(lambda: app.get_subject_for_case(subject_id=subject_id, purpose="x")),
        code_of(lambda: app.find_subject(id_number=LIN["id_number"])),
        code_of(lambda: app.close_subject(subject_id=subject_id, reason="x")),
    ]
    seen["found"] = operator.find_subject(id_number=LIN["id_number"])["subject_id"] == subject_id
    seen["bad number"] = code_of(lambda: app.register_person(name="林静", id_number="330106198506150020"))
    seen["bad field"] = code_of(lambda: app.register_person(**LIN, age=40))
    seen["company"] = app.register_organisation(
        name="杭州示范餐饮有限公司", credit_code="91330106MA2DEM0091")["id_number"]
    operator.freeze_subject(subject_id=subject_id, reason="reported")
    seen["frozen"] = code_of(lambda: matter.get_subject_for_case(subject_id=subject_id, purpose="x"))
    seen["closed"] = operator.close_subject(subject_id=subject_id, reason="asked for")["state_label"]
    seen["final"] = code_of(lambda: operator.unfreeze_subject(subject_id=subject_id, reason="x"))
    seen["levels listed"] = len(app.list_levels()["items"])
    seen["racing"] = together(app)
    return seen


def secret_replies(configuration: Any, operator: Any) -> dict[str, Any]:
    """A key is shown once: a repeated operation id hears that it was done, and the database keeps no reply."""
    transactions = IdentityTransactions(configuration, None)
    with transactions.begin() as tx:
        department = create_realm(tx, CreateRealm("default", "示范市", "数据局"), transactions.context).department_id
    app = {"app": "app-new", "title": "新应用", "department_id": department, "op_id": "register-app"}
    key = {"app": "app-new", "environment": "sandbox"}
    registered, again = operator.register_app(**app)["key"], code_of(lambda: operator.register_app(**app))
    issued = operator.issue_app_key(**key, op_id="issue-key")["key"]
    issued_again = code_of(lambda: operator.issue_app_key(**key, op_id="issue-key"))
    operations = text("SELECT method, reply FROM operations WHERE method IN ('register_app', 'issue_app_key')")
    database = Database.from_configuration(configuration["database"], "identity")
    with database.reading(ALL_TENANTS) as session:
        kept = sorted([row.method, len(row.reply)] for row in session.execute(operations))
    database.dispose()
    transactions.close()
    return {"key": [registered[:4], again, issued[:4], issued_again, issued != registered], "kept": kept}


def together(app: Any) -> list[int]:
    """Everybody registers four times at once: [people, registered, refused]."""
    people = [item for item in PERSONS.items() if item[1] != "林静"][:AT_ONCE]

    def register(person: tuple[str, str]) -> str:
        return code_of(lambda: app.register_person(name=person[1], id_number=person[0]))

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(register, [person for person in people for _ in range(4)]))
    return [len(people), outcomes.count("no error"), outcomes.count("identity.already-registered")]


def code_of(call: Callable[[], object]) -> str:
    try:
        call()
    except AppError as error:
        return error.code
    return "no error"


if __name__ == "__main__":
    main(*sys.argv[1:])
