"""`zhongtai directory tree`."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from services.identity.commands.options import realm_option
from services.identity.commands.transactions import identity_transactions
from services.identity.directory.domain.department import Department
from services.identity.directory.usecases.lookups import realm_of
from shared_components.cli.output import print_json
from shared_components.cli.settings import json_option
from shared_components.kernel.plain_text import printable


@click.command("tree")
@realm_option
@json_option
@click.pass_context
def tree(context: click.Context, realm_id: str | None, as_json: bool) -> None:
    """Print the realm's active departments as a tree."""
    with identity_transactions(context, realm_id) as transactions, transactions.begin() as tx:
        departments = tx.departments.active(realm_of(tx, transactions.context).realm_id)
    if as_json:
        print_json([{"level": level, "department_id": each.department_id, "name": each.name, "code": each.code,
                     "tenant": each.tenant} for level, each in walked(departments)])
        return
    for level, each in walked(departments):
        click.echo("  " * level + printable(f"{each.name}  {each.code or '-'}  {each.department_id}"))


def walked(departments: Sequence[Department]) -> Iterator[tuple[int, Department]]:
    """Yield each department after the one above it, with its level from 0."""
    below: dict[str | None, list[Department]] = {}
    for department in departments:
        below.setdefault(department.parent_id, []).append(department)

    def walk(parent_id: str | None, level: int) -> Iterator[tuple[int, Department]]:
        for department in below.get(parent_id, ()):
            yield level, department
            yield from walk(department.department_id, level + 1)

    return walk(None, 0)
