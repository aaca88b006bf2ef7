"""`zhongtai identity migrate-subjects` and `merges`, as an operator uses them."""
from __future__ import annotations

from pathlib import Path

import pytest

from services.identity.commands.transactions import IdentityTransactions
from services.identity.subjects.domain.subject import REGISTERED, Change
from shared_components.configuration.loading import load_configuration
from tests.unit.cli.conftest import Zhongtai, zhongtai
from tests.unit.identity.conftest import AT
from tests.unit.identity.old_population import number_of, old_subject

__all__ = ["zhongtai"]
REALM = ("--realm", "city")


@pytest.fixture
def twice(zhongtai: Zhongtai, tmp_path: Path) -> tuple[str, str]:
    """A realm whose two departments have registered the same person."""
    assert zhongtai("migrate", "identity").code == 0
    created = zhongtai("directory", "create-realm", "city", "示范市", "--department", "数据局", "--tenant", "default")
    assert created.code == 0
    assert zhongtai("directory", "add", "公安局", "--tenant", "demo", *REALM).code == 0
    transactions = IdentityTransactions(load_configuration(None), "city")
    ids = []
    for tenant in ("default", "demo"):
        with transactions.begin([tenant]) as tx:
            subject = old_subject(tenant, 1)
            tx.subjects.add(subject, Change(REGISTERED, "app-hall", AT))
            ids.append(subject.subject_id)
    transactions.close()
    return ids[0], ids[1]


def test_subjects_are_counted_then_moved_then_there_is_nothing_left(zhongtai: Zhongtai, twice: tuple[str, str]) -> None:
    def migrate(*options: str) -> object:
        ran = zhongtai("identity", "migrate-subjects", "--json", *options)
        assert ran.code == 0, ran.err
        return ran.data

    assert migrate("--dry-run") == [{"moved": 0, "to_move": 2, "merges_to_confirm": 1}]
    assert migrate("--piece", "1") == [{"moved": 2, "to_move": 0, "merges_to_confirm": 1}]
    assert migrate() == [{"moved": 0, "to_move": 0, "merges_to_confirm": 0}]


def test_a_merge_is_listed_without_personal_data_and_confirmed_with_a_reason(
    zhongtai: Zhongtai, twice: tuple[str, str],
) -> None:
    zhongtai("identity", "migrate-subjects")
    listed = zhongtai("identity", "merges", "list", "--json", *REALM)
    (merge,) = listed.data["items"]
    assert (merge["subject_id"], merge["merged_id"], merge["same_name"]) == (*twice, True)
    assert number_of(1) not in listed.out and "张1" not in listed.out
    assert zhongtai("identity", "merges", "confirm", merge["merge_id"], *REALM).code == 2
    confirmed = zhongtai("identity", "merges", "confirm", merge["merge_id"], "--reason", "same", "--json", *REALM)
    assert confirmed.data[0]["subject_id"] == twice[0]
    assert zhongtai("identity", "merges", "list", "--json", *REALM).data["items"] == []
    again = zhongtai("identity", "merges", "refuse", merge["merge_id"], "--reason", "late", *REALM)
    assert again.code != 0 and "confirmed" in again.err


def test_a_merge_is_refused_with_a_reason(zhongtai: Zhongtai, twice: tuple[str, str]) -> None:
    zhongtai("identity", "migrate-subjects")
    merge = zhongtai("identity", "merges", "list", "--json", *REALM).data["items"][0]["merge_id"]
    assert zhongtai("identity", "merges", "refuse", merge, "--reason", "typing error", *REALM).code == 0
    (refused,) = zhongtai("identity", "merges", "list", "--state", "refused", "--json", *REALM).data["items"]
    assert refused["reason"] == "typing error"
