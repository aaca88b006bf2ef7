"""`zhongtai sandbox people`: the invented people and companies that the sandbox authority confirms."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from shared_components.cli.output import print_json, print_rows
from shared_components.cli.sandbox_sign_in import print_persons_to_sign_in
from shared_components.cli.settings import json_option

# The service brings its population; nothing here imports a service.
CITY, PEOPLE = "services.identity.sandbox.city", "services.identity.sandbox.people"
PAGE, LARGEST_PAGE = 20, 1_000


@click.command("people")
@click.option("--companies", is_flag=True, help="List companies instead of persons.")
@click.option("--edge", help="Only special cases, such as leap-day, long-name, under-14, dead or frozen.")
@click.option("--number", help="Only the person or company with this number, and the person's family.")
@click.option("--limit", default=PAGE, show_default=True, type=click.IntRange(1, LARGEST_PAGE), help="Rows of a page.")
@click.option("--after", default=0, show_default=True, type=click.IntRange(0), help="Rows to leave out.")
@click.option("--sign-in", is_flag=True, help="Make persons, a company's agent and officers to sign in as; list them.")
@json_option
@click.pass_context
def people(
    context: click.Context, companies: bool, edge: str | None, number: str | None, limit: int, after: int,
    sign_in: bool, as_json: bool,
) -> None:
    """List the sandbox's population. Everybody is invented."""
    if sign_in:
        print_persons_to_sign_in(context, as_json)
        return
    edges = import_module(PEOPLE).EDGES
    if edge is not None and edge not in edges:
        raise click.UsageError(f"edge is '{edge[:40]}'; allowed are {', '.join(edges)}")
    if edge is not None and companies:
        raise click.UsageError("only persons have special cases; --edge or --companies is allowed")
    city = import_module(CITY).city()
    rows = _companies(city, number) if companies else _persons(city, edge, number)
    page, more = rows[after : after + limit], len(rows) > after + limit
    if as_json:
        print_json({"items": page, "next": after + limit if more else None})
        return
    print_rows([{key: _shown(value) for key, value in row.items()} for row in page], empty="nobody")
    if more:
        click.echo(f"{len(rows)} in all; the next page: --after {after + limit}", err=True)


def _persons(city: Any, edge: str | None, number: str | None) -> Sequence[Mapping[str, Any]]:
    persons = [each for each in city.persons if edge is None or edge in each.edges]
    if number is not None:
        families = {each.family for each in persons if each.number == number}
        persons = [each for each in persons if each.family in families]
    return [{
        "number": each.number, "name": each.name, "age": each.age, "family": each.family, "role": each.role,
        "guardians": list(each.guardians), "state": each.state, "former_number": each.former_number,
        "edges": list(each.edges)} for each in persons]


def _companies(city: Any, number: str | None) -> Sequence[Mapping[str, Any]]:
    return [{
        "credit_code": each.credit_code, "name": each.name, "representative": each.representative,
        "agents": list(each.agents)} for each in city.companies if number in (None, each.credit_code)]


def _shown(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value
