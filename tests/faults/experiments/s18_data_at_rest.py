"""S18: the raw files of the database are searched for the personal data of a canary."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.mandates.usecases.appoint import AppointAgent, appoint_agent
from services.identity.privacy.usecases.submit import SubmitPersonalRequest, submit_personal_request
from services.identity.upstream.domain.ports import Waiting
from services.identity.upstream.domain.provider import SignIn
from shared_components.bus import BusClient
from shared_components.configuration.loading import load_configuration
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.numbers import complete_resident_id
from shared_components.security.fields import FieldCipher
from tests.faults.canaries import PERSON, SECRET
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "S18", "raw database files searched for a canary's personal data"
TARGET = "0 found in tables, indexes, write-ahead log and temporary files, in any encoding; red without encryption"
OPERATIONS, UNIT = 3, "persons"
SERVICE, REALM = "identity", "city"
PIECE = 4 * 1024 * 1024
CANARIES = {**PERSON, "text": SECRET}


def run(lab: Lab, report: Report) -> None:
    search(lab, report)


def search(lab: Lab, report: Report) -> None:
    """Let identity hold a canary in each of its parts, and search the files; then once more without encryption."""
    report.faults = "somebody reads the disk"
    with lab.world(report.id, SERVICE) as world:
        world.workers.start(SERVICE)
        client = world.keep(closing(BusClient(world.broker_url, caller="operator", tenant=REALM)))
        _hold(world, client)
        _add(report, "with encryption", lab, world)
        with _no_encryption():
            _write(world, client, "plain")
        files, _ = _found(lab, world)
        report.add_blind("field encryption off", dict(files), sum(files.values()))


def _add(report: Report, name: str, lab: Lab, world: World) -> None:
    files, size = _found(lab, world)
    rows = _in_rows(world)
    report.add(name, {"MiB searched": size // 2**20, "in files": sum(files.values()), "in rows": sum(rows.values())},
               [f"{what} is in the database {count} times" for what, count in (files + rows).items()])


def _hold(world: World, client: BusClient) -> None:
    """Over the bus, with operation records, events and use records; and what persons do in their sessions."""
    transactions = IdentityTransactions(load_configuration(world.folder / "zhongtai.yaml"), REALM)
    with transactions.begin_in_all() as tx:
        create_realm(tx, CreateRealm(REALM, "示范市", "数据局"), transactions.context)
    transactions.close()
    subject = client.call(SERVICE, "register_person", dict(PERSON), timeout_s=20)["subject_id"]
    client.call(SERVICE, "find_subject", {"id_number": PERSON["id_number"]}, timeout_s=20)
    client.call(SERVICE, "freeze_subject", {"subject_id": subject, "reason": "test"}, timeout_s=20)
    client.call(SERVICE, "unfreeze_subject", {"subject_id": subject, "reason": "test"}, timeout_s=20)
    _act(world, subject)


def _act(world: World, subject: str) -> None:
    """A mandate that names the canary, requests about personal information, a copy, a sign-in elsewhere."""
    transactions = IdentityTransactions(load_configuration(world.folder / "zhongtai.yaml"), REALM)
    principal = complete_resident_id("33010619850615002")
    with transactions.begin_in_all() as tx:
        other = _registered(tx, principal)
        appoint_agent(tx, AppointAgent(PERSON["name"], PERSON["id_number"], ["order"]), _session(other))
        canary = _session(subject)
        submit_personal_request(tx, SubmitPersonalRequest("copy"), canary)
        submit_personal_request(tx, SubmitPersonalRequest("correct", SECRET, {
            "name": PERSON["name"], "mobile": PERSON["mobile"], "email": PERSON["email"]}), canary)
        tx.upstream_links.key_of(REALM, "https://id.example", PERSON["id_number"])
        tx.upstream_sign_ins.add(Waiting(
            REALM, "national", SignIn(SECRET, SECRET, SECRET, "https://city.example/"), SECRET, datetime.now(UTC)))
    transactions.close()


def _registered(tx: Any, number: str) -> str:
    from services.identity.subjects.usecases import RegisterPerson, register_person

    context = CallContext("operator", REALM, op_id="op-1")
    return register_person(tx, RegisterPerson("林静", "111", number, "zh-CN"), context).subject_id


def _session(subject: str) -> CallContext:
    return CallContext("app-portal", REALM, op_id="op-1", acting=Acting(subject, "ses_1", level=3))


def _write(world: World, client: BusClient, name: str) -> None:
    """A request with the canary's text, by whatever cipher is there now."""
    transactions = IdentityTransactions(load_configuration(world.folder / "zhongtai.yaml"), REALM)
    number = complete_resident_id("33010619850615004")
    with transactions.begin_in_all() as tx:
        subject = _registered(tx, number)
        submit_personal_request(tx, SubmitPersonalRequest("delete", f"{name} {SECRET}"), _session(subject))
    transactions.close()


@contextmanager
def _no_encryption() -> Iterator[None]:
    def plain(_cipher: FieldCipher, value: str, *, aad: str) -> bytes:
        return value.encode()

    def read(_cipher: FieldCipher, data: bytes, *, aad: str) -> str:
        return data.decode()

    with patch.object(FieldCipher, "encrypt", plain), patch.object(FieldCipher, "decrypt", read):
        yield


def forms(value: str, *, files: bool = True) -> set[bytes]:
    """A value as it may be written: UTF-8, JSON with escapes, hexadecimal of UTF-8; in files also UTF-16."""
    plain = value.encode()
    found = {plain, json.dumps(value)[1:-1].encode(), plain.hex().encode()}
    return found | {value.encode("utf-16-le")} if files else found


def _found(lab: Lab, world: World) -> tuple[Counter[str], int]:
    """How often each canary is in the files of the server, and how many bytes were searched."""
    lab.postgres.execute("CHECKPOINT")
    found: Counter[str] = Counter()
    size = 0
    for path in sorted((lab.postgres.folder / "data").rglob("*")):
        if path.is_file():
            size += path.stat().st_size
            found += _in_file(path)
    return found, size


def _in_file(path: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            text = rest + piece
            for name, value in CANARIES.items():
                found[name] += sum(text.count(form) for form in forms(value))
            rest = text[-512:]
    return +found


def _in_rows(world: World) -> Counter[str]:
    """The same in the rows as text: what the server has compressed is plain here."""
    tables = [row[0] for row in world.rows(SERVICE, (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"))]
    found: Counter[str] = Counter()
    for table in tables:
        for (text,) in world.rows(SERVICE, f"SELECT t::text FROM {table} t"):  # noqa: S608 -- a name of the catalogue
            for name, value in CANARIES.items():
                found[name] += sum(text.count(form.decode()) for form in forms(value, files=False))
    return +found
