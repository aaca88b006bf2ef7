"""The tree of departments: every allowed move keeps it a tree."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.identity.directory.domain.errors import DepartmentTreeInvalid
from services.identity.directory.domain.tree import DEEPEST, Tree

IDS = st.integers(0, 15).map(str)


@given(st.lists(st.tuples(IDS, st.one_of(st.none(), IDS)), max_size=60))
def test_allowed_moves_in_any_order_leave_no_circle_and_no_deep_branch(moves: list[tuple[str, str | None]]) -> None:
    parents: dict[str, str | None] = {}
    for department, parent in moves:
        if parent is not None and parent not in parents:
            continue
        try:
            Tree(parents).check_place(department if department in parents else None, parent)
        except DepartmentTreeInvalid:
            continue
        if parent != department:
            parents[department] = parent
    tree = Tree(parents)
    for department in parents:
        assert len(list(tree.above(department))) < DEEPEST  # raises for a circle
    assert sum(tree.height(root) > 0 for root in tree.children(None)) == len(tree.children(None))
