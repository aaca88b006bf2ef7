"""Import a day's statement: whole or not at all, the same file the same result, other content a conflict."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest

from services.payment.channels.domain.errors import ChannelUnknown
from services.payment.reconciliation.adapters.statement_files import StatementFile
from services.payment.reconciliation.domain.errors import (
    StatementChanged,
    StatementConflict,
    StatementDayInvalid,
    StatementMalformed,
    StatementTakenOver,
    StatementTooLarge,
    StatementTotalsDiffer,
)
from services.payment.reconciliation.domain.statement import StatementLine
from services.payment.reconciliation.schemas.statements import ImportStatement, Statements
from services.payment.reconciliation.usecases import import_statement as importing
from services.payment.reconciliation.usecases.import_small_statement import (
    LARGEST_CONTENT_BYTES,
    import_small_statement,
)
from services.payment.reconciliation.usecases.import_statement import WantedImport, import_statement
from services.payment.reconciliation.usecases.list_statements import ListStatements, list_statements
from tests.unit.payment.reconciliation.statements import DAY, bring, ours, payment, refund
from tests.unit.payment.world import OTHER_TENANT, TENANT, call

LINES = (payment("pay_1"), payment("pay_2", amount_minor=250), refund("pay_1", "ref_1", 400))


def listed(transactions: Any, tenant: str = TENANT, **wanted: Any) -> list[Any]:
    with transactions.begin(tenant) as tx:
        return list(list_statements(tx, *call(ListStatements(**{"limit": 100, **wanted}), tenant=tenant)).items)


def stored_lines(transactions: Any, statement_id: str) -> int:
    """Counted by taking them away, and putting nothing back: the unit is rolled back."""
    class Enough(Exception):
        pass

    counted = 0
    try:
        with transactions.begin(TENANT) as tx:
            counted = tx.statements.drop_lines(statement_id, 10**6)
            raise Enough
    except Enough:
        return counted


def test_an_import_counts_what_it_has_read(transactions: Any) -> None:
    done = bring(transactions, *LINES)
    assert (done["state"], done["line_count"], done["currency"]) == ("complete", 3, "CNY")
    assert (done["payment_count"], done["payments_minor"]) == (2, 1250)
    assert (done["refund_count"], done["refunds_minor"]) == (1, 400)
    assert listed(transactions) == [done]
    Statements().dump({"items": [done], "next": None})


def test_the_same_file_again_is_the_same_import(transactions: Any) -> None:
    first = bring(transactions, *LINES)
    assert bring(transactions, *LINES) == first == bring(transactions, *LINES, supersede=True)
    assert len(listed(transactions)) == 1


def test_other_content_for_the_same_day_is_a_conflict_unless_it_supersedes(transactions: Any) -> None:
    first = bring(transactions, *LINES)
    with pytest.raises(StatementConflict) as caught:
        bring(transactions, LINES[0])
    assert caught.value.details == {"statement_id": first["statement_id"]}
    second = bring(transactions, LINES[0], supersede=True)
    assert [each["state"] for each in listed(transactions)] == ["complete", "superseded"]
    assert (second["line_count"], stored_lines(transactions, second["statement_id"])) == (1, 1)


def test_a_file_that_is_wrong_is_told_so_also_where_the_day_has_a_statement(transactions: Any) -> None:
    first = bring(transactions, *LINES)
    mixed = ours(LINES[0], payment("pay_3", currency="USD"))
    torn = ours(*LINES).replace(b"#total", b"x\n#total")
    wanted = WantedImport(TENANT, "sandbox", DAY)
    for content, said in (b"hello\n", "line 1"), (torn, "line 6"), (mixed, "one currency"):
        with pytest.raises(StatementMalformed, match=said):
            import_statement(transactions, transactions.channels, wanted, StatementFile(BytesIO(content), "zhongtai"))
    assert listed(transactions) == [first], "none of them has begun"


def test_days_channels_and_tenants_have_statements_of_their_own(transactions: Any) -> None:
    bring(transactions, *LINES)
    bring(transactions, *LINES, day=DAY, tenant=OTHER_TENANT)
    earlier = [line._replace(occurred_at=line.occurred_at - timedelta(days=1)) for line in LINES]
    bring(transactions, *earlier, day=DAY - timedelta(days=1))
    assert len(listed(transactions)) == 2
    assert len(listed(transactions, day=DAY)) == 1
    assert len(listed(transactions, OTHER_TENANT)) == 1
    assert listed(transactions, state="failed") == [] == listed(transactions, channel="other")


@pytest.mark.parametrize("change", [("#total,2,1250", "#total,2,1251"), (",250,", ",25 0,")])
def test_a_refused_statement_leaves_nothing_that_counts_and_can_be_brought_again(
    transactions: Any, change: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.payment.reconciliation.adapters.statement_files.file.CHUNK_LINES", 1)
    content = ours(*LINES).decode().replace(*change).encode()
    with pytest.raises(StatementMalformed) as caught:
        bring(transactions, content=content)
    (failed,) = listed(transactions)
    assert (failed["state"], failed["failure"]["code"]) == ("failed", caught.value.code)
    assert failed["failure"]["details"]["line"] == caught.value.details["line"]
    assert stored_lines(transactions, failed["statement_id"]) == 0
    with pytest.raises(StatementMalformed):
        bring(transactions, content=content)
    assert bring(transactions, *LINES)["state"] == "complete"
    assert sorted(each["state"] for each in listed(transactions)) == ["complete", "failed", "failed"]


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_a_number_that_comes_twice_is_refused_with_its_line(
    transactions: Any, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.payment.reconciliation.adapters.statement_files.file.CHUNK_LINES", chunk)
    with pytest.raises(StatementMalformed) as caught:
        bring(transactions, *LINES, payment("pay_1"))
    assert (caught.value.details["line"], caught.value.details["column"]) == (6, "number")
    assert not isinstance(caught.value, StatementTotalsDiffer)


def test_one_statement_has_one_currency(transactions: Any) -> None:
    with pytest.raises(StatementMalformed, match="one currency") as caught:
        bring(transactions, LINES[0], payment("pay_2", currency="USD"))
    assert caught.value.details["line"] == 4


def test_a_process_that_died_in_the_middle_is_taken_over(transactions: Any) -> None:
    dead = _half_imported(transactions)
    done = bring(transactions, *LINES)
    assert [(each["statement_id"], each["state"]) for each in listed(transactions)] == [
        (done["statement_id"], "complete"), (dead, "failed"),
    ]
    (failed,) = listed(transactions, state="failed")
    assert failed["failure"] == {
        "code": StatementTakenOver.code, "message": "a later import of this day has begun", "details": {}}
    assert stored_lines(transactions, dead) == 0


def test_who_was_taken_over_stops_and_changes_nothing(transactions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It only seemed dead, and wakes up when the other has finished."""
    monkeypatch.setattr("services.payment.reconciliation.adapters.statement_files.file.CHUNK_LINES", 1)
    source = _Interrupted(ours(*LINES), lambda: bring(transactions, *LINES))
    with pytest.raises(StatementTakenOver):
        import_statement(transactions, transactions.channels, WantedImport(TENANT, "sandbox", DAY), source)
    assert sorted(each["state"] for each in listed(transactions)) == ["complete", "failed"]
    (complete,) = listed(transactions, state="complete")
    assert stored_lines(transactions, complete["statement_id"]) == 3


def test_who_was_taken_over_after_his_last_line_does_not_take_the_day_back(transactions: Any) -> None:
    def overtake() -> None:
        bring(transactions, LINES[0])

    source = _Interrupted(ours(*LINES), overtake, at_end=True)
    with pytest.raises(StatementTakenOver):
        import_statement(
            transactions, transactions.channels, WantedImport(TENANT, "sandbox", DAY, supersede=True), source
        )
    (complete,) = listed(transactions, state="complete")
    assert complete["line_count"] == 1


def test_an_interrupted_import_says_so(transactions: Any) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    source = _Interrupted(ours(*LINES), interrupt)
    with pytest.raises(KeyboardInterrupt):
        import_statement(transactions, transactions.channels, WantedImport(TENANT, "sandbox", DAY), source)
    (failed,) = listed(transactions)
    assert (failed["state"], failed["failure"]["code"]) == ("failed", "interrupted")


def test_lines_are_taken_away_in_small_pieces(transactions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "DROPPED_AT_ONCE", 2)
    lines = [payment(f"pay_{number}") for number in range(5)]
    with pytest.raises(StatementMalformed):
        bring(transactions, *lines, lines[0])
    assert stored_lines(transactions, listed(transactions)[0]["statement_id"]) == 0


def test_a_day_that_has_not_begun_has_no_statement(transactions: Any) -> None:
    with pytest.raises(StatementDayInvalid, match="to 2025-06-02"):
        bring(transactions, day=date(2025, 6, 3))


def test_a_channel_that_nobody_knows_is_refused(transactions: Any) -> None:
    with pytest.raises(ChannelUnknown):
        bring(transactions, *LINES, channel="wexin")


def test_statements_are_listed_newest_first_a_page_at_a_time(transactions: Any) -> None:
    for _ in range(3):
        with pytest.raises(StatementMalformed):
            bring(transactions, content=b"x")
    with transactions.begin(TENANT) as tx:
        first = list_statements(tx, *call(ListStatements(limit=2)))
        second = list_statements(tx, *call(ListStatements(limit=2, after=first.next)))
    ids = [each["statement_id"] for each in (*first.items, *second.items)]
    assert ids == sorted(ids, reverse=True) and len(ids) == 3 and second.next is None


def test_progress_is_told_as_it_goes(transactions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.payment.reconciliation.adapters.statement_files.file.CHUNK_LINES", 2)
    monkeypatch.setattr("services.payment.reconciliation.adapters.statement_files.file._DECODED_AT_ONCE", 64)
    told: list[tuple[int, int]] = []
    source = StatementFile(BytesIO(ours(*LINES)), "zhongtai")
    import_statement(
        transactions, transactions.channels, WantedImport(TENANT, "sandbox", DAY), source, lambda *now: told.append(now)
    )
    assert [lines for _, lines in told] == [2, 3]
    assert 0 < told[0][0] < told[1][0] == source.size


def test_a_call_carries_a_small_statement_and_names_the_command_for_a_large_one(transactions: Any) -> None:
    def import_(content: str) -> Any:
        request = ImportStatement().load({"channel": "sandbox", "date": "2025-06-02", "content": content})
        return import_small_statement(transactions, transactions.channels, *call(request), StatementFile)

    assert import_(ours(*LINES).decode())["line_count"] == 3
    with pytest.raises(StatementTooLarge, match="payment statement import FILE --channel sandbox") as caught:
        import_("工" * (LARGEST_CONTENT_BYTES // 3 + 1))
    assert caught.value.details["allowed_bytes"] == LARGEST_CONTENT_BYTES


def _half_imported(transactions: Any) -> str:
    """What a killed process leaves: one chunk stored, nobody to go on."""
    class Killed(BaseException):
        pass

    def kill() -> None:
        raise Killed

    source = _Interrupted(ours(*LINES), kill)
    give_up, importing._give_up = importing._give_up, lambda *_: None
    try:
        with pytest.raises(Killed):
            import_statement(transactions, transactions.channels, WantedImport(TENANT, "sandbox", DAY), source)
    finally:
        importing._give_up = give_up
    (left,) = listed(transactions)
    assert (left["state"], stored_lines(transactions, left["statement_id"])) == ("importing", 1)
    return str(left["statement_id"])


class _Interrupted(StatementFile):
    """Something happens after the first line of it, or after the last."""

    def __init__(self, content: bytes, happens: Any, *, at_end: bool = False) -> None:
        super().__init__(BytesIO(content), "zhongtai")
        self._happens = happens
        self._at_end = at_end

    def chunks(self, day: date) -> Iterator[list[StatementLine]]:
        lines = [line for chunk in super().chunks(day) for line in chunk]
        first = len(lines) if self._at_end else 1
        yield lines[:first]
        self._happens()
        if lines[first:]:
            yield lines[first:]


class _Rewritten(BytesIO):
    """Its second reading gives other bytes: somebody writes into the file meanwhile."""

    def seek(self, *to: int) -> int:
        if self.getvalue() != OTHER:
            super().seek(0)
            self.write(OTHER)
        return super().seek(*to)


OTHER = ours(payment("pay_1", amount_minor=2000))


def test_a_file_that_changes_while_it_is_read_leaves_nothing(transactions: Any) -> None:
    source = StatementFile(_Rewritten(ours(payment("pay_1"))), "zhongtai")
    with pytest.raises(StatementChanged):
        import_statement(transactions, transactions.channels, WantedImport(TENANT, "sandbox", DAY), source)
    assert [each["state"] for each in listed(transactions)] == ["failed"]
    assert bring(transactions, content=OTHER)["state"] == "complete"
