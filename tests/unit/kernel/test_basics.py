from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.kernel.clock import FixedClock, SystemClock
from shared_components.kernel.errors import Conflict
from shared_components.kernel.ids import new_id
from shared_components.kernel.money import InvalidMoney, Money, decimal_text
from shared_components.kernel.states import Edge, IllegalTransition, StateMachine

AMOUNTS = st.integers(-(10**15), 10**15)


def test_ids_carry_their_prefix_and_sort_by_time() -> None:
    ids = [new_id("pay") for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert all(len(i) == 36 and i.startswith("pay_") for i in ids)


@pytest.mark.parametrize("prefix", ["", "Pay", "1a", "pay_", "x" * 13])
def test_an_unreadable_id_prefix_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="id prefix"):
        new_id(prefix)


def test_clocks_are_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    clock = FixedClock(datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8))))
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    clock.advance(timedelta(seconds=61))
    assert clock.now() == datetime(2026, 1, 1, 0, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="naive"):
        FixedClock(datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None))


@given(AMOUNTS, AMOUNTS)
def test_money_adds_and_subtracts_exactly(a: int, b: int) -> None:
    assert Money(a, "CNY") + Money(b, "CNY") - Money(b, "CNY") == Money(a, "CNY")
    assert (Money(a) < Money(b)) == (a < b)
    assert Money(a) * 3 == 3 * Money(a) == Money(a + a + a)


@pytest.mark.parametrize("wrong", [1.0, True, "1", None])
def test_money_takes_whole_minor_units_only(wrong: object) -> None:
    with pytest.raises(InvalidMoney):
        Money(wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidMoney):
        Money(1) * wrong  # type: ignore[operator]


def test_money_of_two_currencies_does_not_mix() -> None:
    with pytest.raises(InvalidMoney, match="CNY and USD"):
        Money(1, "CNY") + Money(1, "USD")
    with pytest.raises(InvalidMoney):
        Money(1, "cny")


DOOR = StateMachine(
    "door",
    "open",
    [Edge("open", "shut", "shut"), Edge("shut", "open", "opened"), Edge("open", "gone", "lost")],
    final=["gone"],
)


def test_a_move_gives_the_edges_event() -> None:
    assert DOOR.move("open", "shut") == "shut"
    assert DOOR.targets("open") == ("shut", "gone")
    assert DOOR.states == ("open", "shut", "gone")
    assert DOOR.is_final("gone")


def test_a_move_outside_the_table_is_refused_and_says_what_is_allowed() -> None:
    with pytest.raises(IllegalTransition, match="door is 'gone' and cannot become 'open'; nothing may follow"):
        DOOR.move("gone", "open")
    with pytest.raises(IllegalTransition, match="only 'open' may follow"):
        DOOR.move("shut", "gone")


def test_the_graph_is_rendered_with_events() -> None:
    assert "    open --> shut: shut\n" in DOOR.to_mermaid()
    assert "    gone --> [*]\n" in DOOR.to_mermaid()


@pytest.mark.parametrize(
    ("edges", "final", "problem"),
    [
        ([Edge("a", "b", "x"), Edge("a", "b", "y")], ["b"], "twice"),
        ([Edge("a", "b", "x"), Edge("b", "a", "y")], ["b"], "final state has none"),
        ([Edge("a", "b", "x")], [], "cannot leave"),
        ([Edge("a", "b", "x"), Edge("c", "b", "y")], ["b"], "never reaches"),
    ],
)
def test_a_broken_table_is_refused_when_it_is_made(edges: list[Edge], final: list[str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        StateMachine("thing", "a", edges, final)


def test_an_error_s_text_says_its_code() -> None:
    error = Conflict("the till is closed")
    error.code = "till.closed"
    assert (str(error), error.message) == ("the till is closed [till.closed]", "the till is closed")


@pytest.mark.parametrize(("amount_minor", "plain", "grouped"), [
    (0, "0.00", "0.00"), (5, "0.05", "0.05"), (-5, "-0.05", "-0.05"), (1005, "10.05", "10.05"),
    (-123_456_789, "-1234567.89", "-1,234,567.89"),
])  # fmt: skip
def test_minor_units_as_people_read_them(amount_minor: int, plain: str, grouped: str) -> None:
    assert (decimal_text(amount_minor), decimal_text(amount_minor, grouped=True)) == (plain, grouped)
