"""Elicence on a bus, by itself: a licence from issue to revocation, through a client. Run as a program.

Arguments: broker URL, database URL, folder for the key. Prints what happened as one line of JSON.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from concurrent.futures import ThreadPoolExecutor  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from sqlalchemy import func, select  # noqa: E402

from services.elicence.service import ELicenceService  # noqa: E402
from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.configuration.loading import for_service, load_configuration  # noqa: E402
from shared_components.db import ALL_TENANTS, Database, migrate  # noqa: E402
from shared_components.db.tables import outbox  # noqa: E402
from shared_components.kernel.errors import AppError  # noqa: E402
from shared_components.observability.health import Health  # noqa: E402
from shared_components.runtime.host import ServiceHost  # noqa: E402
from tests.unit.elicence.world import DRIVING_LICENCE, licence_request  # noqa: E402

HOLDERS = 40


def main(broker_url: str, database_url: str, folder: str) -> None:
    settings = Path(folder) / "zhongtai.yaml"
    settings.write_text(f"security:\n  master_key_file: {folder}/master.key\n")
    urls = {"ZHONGTAI_BROKER_URL": broker_url, "ZHONGTAI_DATABASE_URL": database_url}
    configuration = load_configuration(settings, environ=urls)
    migrate(database_url, "elicence")
    host = ServiceHost([ELicenceService], partial(for_service, configuration), Health())
    host.start()
    try:
        seen = story(BusClient.from_configuration(configuration, caller="operator"))
    finally:
        clean = host.stop(10)
    report = {"seen": {**seen, "clean": clean}, "unpublished": unpublished(database_url)}
    sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")


def unpublished(database_url: str) -> int:
    """How many events are still in the outbox."""
    database = Database(database_url, "elicence")
    with database.reading(ALL_TENANTS) as session:
        count = session.scalar(select(func.count()).select_from(outbox))
    database.dispose()
    return int(count or 0)


def story(client: BusClient) -> dict[str, Any]:
    licences = client.elicence
    seen: dict[str, Any] = {"type": licences.put_type(**DRIVING_LICENCE)["version"]}
    first = licences.issue(**licence_request(), op_id="issue-1")
    seen["same reply"] = licences.issue(**licence_request(), op_id="issue-1") == first
    seen["again"] = code_of(lambda: licences.issue(**licence_request()))
    second = licences.issue(**licence_request(prior_identifier=first["identifier"]))
    seen["states"] = [one["state_label"] for one in licences.list_by_holder(holder_subject="sub_1")["items"]]
    shown = licences.present(
        licence_id=second["licence_id"], holder_subject="sub_1", purpose="酒店入住", fields=["holder_name"]
    )
    verdict = licences.verify(code=shown["code"])
    seen["verified"] = [verdict["valid"], verdict["licence"]["holder_name"], verdict["licence"]["content"]]
    seen["spent"] = licences.verify(code=shown["code"])["valid"]
    licences.suspend(licence_id=second["licence_id"], reason="扣证")
    licences.resume(licence_id=second["licence_id"], reason="发还")
    licences.revoke(licence_id=second["licence_id"], reason="欺骗取得")
    seen["final"] = code_of(lambda: licences.resume(licence_id=second["licence_id"], reason="申诉"))
    seen["revoked"] = licences.verify(identifier=second["identifier"])["state_label"]
    seen["bad number"] = code_of(lambda: licences.issue(**licence_request(2, holder_id_number="330106199003070015")))
    seen["bad request"] = code_of(lambda: licences.verify(code="a", identifier="b"))
    seen["unknown"] = code_of(lambda: licences.get(licence_id="lic_none"))
    seen["many"] = len(together(licences, range(100, 100 + HOLDERS)))
    return seen


def together(licences: Any, numbers: range) -> set[str]:
    """The identifiers of many licences issued at once, two calls racing for each holder."""
    def issue(number: int) -> str | None:
        try:
            return str(licences.issue(**licence_request(number))["identifier"])
        except AppError:
            return None

    with ThreadPoolExecutor(16) as pool:
        issued = list(pool.map(issue, [number for number in numbers for _ in range(2)]))
    found = [identifier for identifier in issued if identifier]
    assert len(found) == len(set(found)) == len(numbers), f"{len(found)} were issued to {len(numbers)} holders"
    return set(found)


def code_of(call: Callable[[], object]) -> str:
    try:
        call()
    except AppError as error:
        return error.code
    return "no error"


if __name__ == "__main__":
    main(*sys.argv[1:])
