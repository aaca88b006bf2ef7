"""The promises of reads for a group, on whichever database the subclass gives (a fixture `database`)."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Select, String, Table, select

from shared_components.db import ALL_TENANTS, Database, UtcDateTime, insert_later, update_each
from shared_components.db.load_many import ByKey, Columns, Lists, Reading, load_lists, load_many
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError, NotFound
from shared_components.kernel.method_rules import HOLDER, OWN, PLATFORM, MethodRule
from shared_components.security.authority import NO_COPIES, Facts, KnownCopies
from shared_components.security.authority.copies import keep_copies
from tests.unit.db.platform_suite import NOW, counted

PARCELS = Table(
    "parcels", MetaData(), Column("parcel_id", String(40), primary_key=True), Column("tenant_id", String(64)),
    Column("subject", String(40)), Column("app", String(40)), Column("size", Integer), Column("sealed", LargeBinary),
    Column("at", UtcDateTime),
)  # fmt: skip
BY_ID = ByKey(PARCELS, "parcel_id")


def _of_subject(asked: Columns) -> Select[Any]:
    query = select(PARCELS).where(PARCELS.c.subject == asked["subject"])
    if "tenant" in asked:
        query = query.where(PARCELS.c.tenant_id == asked["tenant"])
    if "largest" in asked:
        query = query.where(PARCELS.c.size <= asked["largest"])
    return query.order_by(PARCELS.c.size.desc())


OF_SUBJECT = Lists(_of_subject, holders=True, largest=Integer())


class Unreadable(NotFound):
    code = "test.unreadable"


class Opener:
    """Opens rows and counts how often."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open(self, row: Any) -> str:
        self.opened.append(row.parcel_id)
        if bytes(row.sealed) == b"broken":
            raise Unreadable
        return str(row.parcel_id)

    @property
    def reading(self) -> Reading[str]:
        return Reading(lambda row: Facts(row.tenant_id, {"addressee": row.subject}, row.app), self.open)


RULE = MethodRule(frozenset({OWN, HOLDER, PLATFORM}), "parcel", about=frozenset({"addressee"}))


def context(
    tenant: str = "t1", caller: str = "matter", subject: str | None = None, rule: MethodRule = RULE,
) -> CallContext:
    acting = None if subject is None else Acting(subject, "ses_1", scopes=frozenset({"parcel"}))
    return CallContext(caller, tenant, acting=acting, rule=rule)


def parcel(number: int, **changes: Any) -> dict[str, Any]:
    return {"parcel_id": f"p{number}", "tenant_id": "t1", "subject": "s1", "app": "app-one", "size": number,
            "sealed": b"\x00\xff", "at": NOW, **changes}


PARCEL_ROWS = [
    parcel(1), parcel(2), parcel(3), parcel(4, subject="s2"), parcel(5, tenant_id="t2"), parcel(6, app="app-other"),
    parcel(7, sealed=b"broken", subject="s3"),
]


class LoadMany:
    by_id = BY_ID

    @pytest.fixture(autouse=True)
    def parcels(self, database: Database) -> None:
        with database.transaction(ALL_TENANTS) as session:
            PARCELS.create(session.connection())
            insert_later(session, PARCELS, PARCEL_ROWS)

    def read(
        self, database: Database, *asked: tuple[CallContext, str], opener: Opener | None = None,
    ) -> list[str | AppError]:
        with database.reading(ALL_TENANTS) as session, counted(database) as self.statements:
            return load_many(session, self.by_id, asked, (opener or Opener()).reading, NotFound)

    def test_a_group_is_one_statement_and_the_order_is_that_of_the_calls(self, database: Database) -> None:
        assert self.read(database, *((context(), f"p{n}") for n in (3, 1, 2))) == ["p3", "p1", "p2"]
        assert len(self.statements) == 1

    def test_what_is_missing_is_an_error_for_its_own_call(self, database: Database) -> None:
        first, missing, last = self.read(database, (context(), "p1"), (context(), "none"), (context(), "p2"))
        assert (first, last) == ("p1", "p2") and isinstance(missing, NotFound)

    @pytest.mark.parametrize("stranger", [
        context(tenant="t2"), context(subject="s2"), context(caller="app-other"),
    ])
    def test_a_row_is_opened_only_for_who_may_see_it_though_a_neighbour_may(
        self, database: Database, stranger: CallContext,
    ) -> None:
        opener = Opener()
        seen, hidden = self.read(database, (context(), "p1"), (stranger, "p1"), opener=opener)
        assert seen == "p1" and isinstance(hidden, NotFound)
        assert self.read(database, (stranger, "p1"), opener=opener)[0] != "p1"
        assert opener.opened == ["p1"]

    def test_a_row_that_many_ask_for_is_opened_once(self, database: Database) -> None:
        opener = Opener()
        assert self.read(database, *[(context(), "p1")] * 5, opener=opener) == ["p1"] * 5
        assert opener.opened == ["p1"]

    def test_a_row_that_cannot_be_opened_is_the_error_of_its_own_calls(self, database: Database) -> None:
        good, bad = self.read(database, (context(), "p1"), (context(), "p7"))
        assert good == "p1" and isinstance(bad, Unreadable)

    def test_nothing_asked_is_no_statement(self, database: Database) -> None:
        assert self.read(database) == [] and self.statements == []

    def listed(
        self, database: Database, *asked: tuple[CallContext, Mapping[str, Any], int],
    ) -> list[list[str]]:
        with database.reading(ALL_TENANTS) as session, counted(database) as self.statements:
            return load_lists(session, OF_SUBJECT, asked, Opener().reading)

    def test_each_call_gets_its_own_list_in_its_order(self, database: Database) -> None:
        lists = self.listed(
            database, (context(), {"subject": "s2"}, 9), (context(caller="app-one"), {"subject": "s1"}, 9),
            (context(), {"subject": "nobody"}, 9), (context(tenant="t2"), {"subject": "s1"}, 9))
        assert lists == [["p4"], ["p3", "p2", "p1"], [], ["p5"]]

    def test_a_limit_holds_for_each_list(self, database: Database) -> None:
        assert self.listed(database, *[(context(caller="app-other"), {"subject": "s1"}, 1)] * 2) == [["p6"], ["p6"]]

    def test_a_filter_that_is_not_given_does_not_filter(self, database: Database) -> None:
        lists = self.listed(
            database, (context(), {"subject": "s1", "largest": 2}, 9),
            (context(), {"subject": "s1", "largest": None}, 9))
        assert lists == [["p2", "p1"], ["p6", "p3", "p2", "p1"]]

    def test_many_updates_each_have_their_own_values(self, database: Database) -> None:
        rows = [{"parcel_id": f"p{n}", "was": n, "size": n * 10, "sealed": bytes([n])} for n in (1, 2, 3)]
        rows[2]["was"] = 99
        with database.transaction(ALL_TENANTS) as session, counted(database) as statements:
            changed = update_each(session, PARCELS, rows, key=["parcel_id"], still={"size": "was"})
        assert changed == 2
        assert update_count(database, statements)
        with database.reading(ALL_TENANTS) as session:
            found = session.execute(select(PARCELS.c.size, PARCELS.c.sealed).order_by(PARCELS.c.parcel_id).limit(3))
            assert [(size, bytes(sealed)) for size, sealed in found] == [
                (10, b"\x01"), (20, b"\x02"), (3, b"\x00\xff")]


def update_count(database: Database, statements: list[str]) -> bool:
    """PostgreSQL takes them in one statement."""
    return database.is_sqlite or len([one for one in statements if one.startswith("UPDATE")]) == 1


class LoadAnywhere(LoadMany):
    """The same promises where the key finds the row without a tenant, and those that only a permit can keep."""

    by_id = ByKey(PARCELS, "parcel_id", anywhere=True)

    @pytest.fixture
    def portal(self) -> Iterator[CallContext]:
        keep_copies(KnownCopies(portals=frozenset({"app-portal"})))
        yield context("t9", "app-portal", "s1")
        keep_copies(NO_COPIES)

    def test_a_holder_reads_and_lists_rows_of_other_departments(
        self, database: Database, portal: CallContext,
    ) -> None:
        seen, of_another, missing = self.read(database, (portal, "p1"), (portal, "p4"), (portal, "none"))
        assert seen == "p1" and isinstance(of_another, NotFound) and isinstance(missing, NotFound)
        assert self.listed(database, (portal, {"subject": "s1"}, 9)) == [["p6", "p5", "p3", "p2", "p1"]]

    def test_without_a_holders_consent_an_app_sees_none_of_them(self, database: Database, portal: CallContext) -> None:
        stranger = portal._replace(caller="app-other")
        assert isinstance(self.read(database, (stranger, "p1"))[0], NotFound)
        assert self.listed(database, (stranger, {"subject": "s1"}, 9)) == [[]]

    def test_a_method_that_is_not_open_to_holders_gives_a_holder_nothing(
        self, database: Database, portal: CallContext,
    ) -> None:
        rule = replace(RULE, basis=frozenset({OWN, PLATFORM}))
        assert isinstance(self.read(database, (portal._replace(rule=rule), "p1"))[0], NotFound)
