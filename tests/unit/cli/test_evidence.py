"""`zhongtai evidence`, on a log of identity's that was attacked."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from shared_components.configuration.loading import load_configuration
from shared_components.db import Database, migrate
from shared_components.evidence_log import EvidenceRecorder
from shared_components.evidence_log.sealing import Sealer
from shared_components.kernel.clock import SystemClock
from shared_components.security import Secrets
from tests.evidence_attacks import ATTACKS, TABLES, AttackedLog, Attacker
from tests.unit.cli.conftest import Zhongtai
from tests.unit.evidence_log.conftest import evidence_package as evidence_package
from tests.unit.evidence_log.world import Events, Scope

SERVICE = "identity"


@pytest.fixture
def database(zhongtai: Zhongtai, evidence_package: str) -> Iterator[Database]:
    url = load_configuration(environ={})["database"]["url"]
    migrate(url, SERVICE, package=evidence_package)
    database = Database(url, SERVICE)
    yield database
    database.dispose()


@pytest.fixture
def record(database: Database) -> Callable[[], list[str]]:
    """Seals three segments of two records; gives the records' ids."""
    def make() -> list[str]:
        ids = []
        secrets = Secrets.from_configuration({}, "development")
        for _ in range(3):
            with database.transaction(("*",)) as session:
                scope: Any = Scope(session, SystemClock(), secrets, Events())  # type: ignore[arg-type]
                ids += [EvidenceRecorder(scope, SERVICE).record_evidence(
                    None, owner="health", action="department.renamed", about="dept_1") for _ in range(2)]
            with database.transaction(("*",)) as session:
                Sealer(Scope(session, SystemClock(), secrets, Events()), SERVICE).seal()  # type: ignore[arg-type]
        return ids

    return make


def test_an_intact_log_is_said_to_be_so(zhongtai: Zhongtai, record: Callable[[], list[str]]) -> None:
    record()
    ran = zhongtai("evidence", "verify", SERVICE, "--json")
    assert (ran.code, ran.data[0]["intact"], ran.data[0]["segments"], ran.data[0]["records"]) == (0, True, 3, 6)
    assert "intact" in zhongtai("evidence", "verify", SERVICE).out


@pytest.mark.parametrize("name", ["record deleted", "statement edited"])
def test_an_attack_is_named_in_both_languages(
    zhongtai: Zhongtai, database: Database, record: Callable[[], list[str]], name: str,
) -> None:
    record()
    AttackedLog(Attacker(create_engine(database.url), SERVICE)).run(name)
    ran = zhongtai("evidence", "verify", SERVICE, "--json")
    assert ran.code == 1
    assert [one["kind"] for one in ran.data[0]["findings"]] == [kind for kind, _ in ATTACKS[name].found]
    assert "segment 2" in ran.data[0]["findings"][0]["message"]
    assert "封存段 2" in ran.data[0]["findings"][0]["message_zh"]
    assert zhongtai("evidence", "verify", SERVICE).code == 1


def test_a_witness_notices_a_log_that_is_gone(
    zhongtai: Zhongtai, database: Database, record: Callable[[], list[str]], tmp_path: Path,
) -> None:
    record()
    kept = tmp_path / "witness.json"
    kept.write_text(zhongtai("evidence", "heads", SERVICE, "--json").out)
    Attacker(create_engine(database.url), SERVICE).run(
        *(f"DELETE FROM {table}" for table in TABLES))  # noqa: S608
    assert zhongtai("evidence", "verify", SERVICE).code == 0
    ran = zhongtai("evidence", "verify", SERVICE, "--witness", str(kept), "--json")
    assert (ran.code, ran.data[0]["findings"][0]["kind"]) == (1, "tail-cut")


def test_a_proof_is_checked_without_the_database(
    zhongtai: Zhongtai, record: Callable[[], list[str]], tmp_path: Path,
) -> None:
    ids = record()
    proof, keys = tmp_path / "proof.json", tmp_path / "keys.json"
    proof.write_text(zhongtai("evidence", "prove", SERVICE, ids[3]).out)
    keys.write_text(zhongtai("evidence", "keys", SERVICE).out)
    assert zhongtai("evidence", "check", str(proof), "--keys", str(keys)).code == 0
    forged = json.loads(proof.read_text())
    forged["record"] = forged["record"].replace("dept_1", "dept_2")
    proof.write_text(json.dumps(forged))
    assert zhongtai("evidence", "check", str(proof), "--keys", str(keys)).code == 1
    proof.write_text("[]")
    assert zhongtai("evidence", "check", str(proof), "--keys", str(keys)).code == 2


def test_a_service_without_a_log_is_wrong_use(zhongtai: Zhongtai) -> None:
    ran = zhongtai("evidence", "verify", "payment")
    assert ran.code == 2 and "keeps no evidence" in ran.err


def test_young_records_survive_a_purge_and_no_shorter_age_is_taken(
    zhongtai: Zhongtai, record: Callable[[], list[str]],
) -> None:
    record()
    assert zhongtai("evidence", "purge", SERVICE, "--keep-days", "183").out == "0 records were deleted\n"
    assert zhongtai("evidence", "purge", SERVICE, "--keep-days", "30").code == 2


def test_status_raises_an_alarm_when_records_wait_for_their_seal(
    zhongtai: Zhongtai, database: Database, record: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared_components.db.pending", lambda *_: [])
    record()
    assert "evidence" not in zhongtai("status", SERVICE, "--json").data[0]["state"]
    Attacker(create_engine(database.url), SERVICE).run(
        "INSERT INTO evidence_unsealed VALUES ('evr_late', 'health', '2020-01-01 00:00:00', NULL)")
    ran = zhongtai("status", SERVICE, "--json")
    assert ran.code == 1 and "evidence unsealed for" in ran.data[0]["state"]
