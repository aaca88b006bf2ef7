"""The tree of a realm's active departments: who is below whom, and which moves keep it a tree."""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.identity.directory.domain.errors import DepartmentTreeInvalid
from shared_components.kernel.bilingual import Bilingual

DEEPEST = 12
"""Levels of a tree, the root included. No government has as many; more is a mistake of an import."""


class Tree:
    """parents: id → id of the department above, None for a root."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self.parents = parents

    def above(self, department_id: str) -> Iterator[str]:
        """Yield the departments above, nearest first."""
        seen = {department_id}
        parent = self.parents.get(department_id)
        while parent is not None:
            if parent in seen:
                raise DepartmentTreeInvalid(Bilingual(
                    f"department {department_id} is above itself", f"部门 {department_id} 成为自身的上级"))
            yield parent
            seen.add(parent)
            parent = self.parents.get(parent)

    def children(self, department_id: str | None) -> list[str]:
        return [child for child, parent in self.parents.items() if parent == department_id]

    def height(self, department_id: str) -> int:
        """Levels below and including the department. Raises DepartmentTreeInvalid above DEEPEST."""
        level, found = [department_id], 0
        while level:
            found += 1
            if found > DEEPEST:
                raise _too_deep()
            level = [child for each in level for child in self.children(each)]
        return found

    def check_place(self, department_id: str | None, parent_id: str | None) -> None:
        """Raises DepartmentTreeInvalid when the department, or a new one (None), may not stand below parent_id."""
        above = [] if parent_id is None else [parent_id, *self.above(parent_id)]
        if department_id in above:
            raise DepartmentTreeInvalid(Bilingual(
                f"department {department_id} would stand below itself; a place outside of its own branch is allowed",
                f"部门 {department_id} 不能移到自身或其下级之下；只能移到本分支以外"))
        if len(above) + (1 if department_id is None else self.height(department_id)) > DEEPEST:
            raise _too_deep()


def _too_deep() -> DepartmentTreeInvalid:
    return DepartmentTreeInvalid(Bilingual(
        f"the tree would have more than {DEEPEST} levels; at most {DEEPEST} are allowed",
        f"部门树将超过 {DEEPEST} 级；最多允许 {DEEPEST} 级"))
