"""Arguments that commands of the directory share."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeVar

import click
from marshmallow import ValidationError

from services.identity.directory.domain.department import Department
from services.identity.directory.domain.errors import DepartmentNotFound
from services.identity.directory.domain.ports import HasDepartments, HasRealms
from services.identity.directory.usecases.lookups import realm_of
from shared_components.cli.errors import WrongUse
from shared_components.contracts import Message
from shared_components.contracts.field_messages import in_both_languages
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.dates import parse_date
from shared_components.kernel.paging import PageView

Command = TypeVar("Command", bound=Callable[..., Any])
View = TypeVar("View")
_TENANT = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class TenantId(click.ParamType[str]):
    name = "tenant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not _TENANT.fullmatch(value):
            self.fail(f"'{value[:80]}' is no tenant id; 1 to 64 letters, digits and _.:- are allowed", param, ctx)
        return str(value)


class Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else parse_date(value)
        except ValueError:
            self.fail(f"'{value}' is no day; one such as 2026-01-31 is allowed", param, ctx)


TENANT, DAY = TenantId(), Day()


def loaded(schema: type[Message], **data: Any) -> Any:
    """The command that a request's schema builds of what was typed. Raises WrongUse."""
    try:
        return schema().load(data)
    except ValidationError as wrong:
        raise WrongUse(
            Bilingual("the request is not valid", "填写的内容不符合要求"),
            details={"fields": in_both_languages(wrong.messages)}) from None


def all_pages(ask: Callable[[str | None], PageView[View]]) -> list[View]:
    """All items of a list. ask: gives the page after a cursor."""
    page = ask(None)
    items = list(page.items)
    while page.next is not None:
        page = ask(page.next)
        items += page.items
    return items


def realm_option(function: Command) -> Command:
    return click.option(
        "--realm", "realm_id", type=TENANT, metavar="REALM",
        help="Whose directory is meant; else that of the configuration's default_tenant.")(function)


class DirectoryReader(HasRealms, HasDepartments, Protocol):
    """The transaction of finding a department."""


def found_department(tx: DirectoryReader, context: CallContext, given: str) -> Department:
    """The department that a command line names, by its id or its code. Raises DepartmentNotFound."""
    realm = realm_of(tx, context)
    found = tx.departments.get(realm.realm_id, given) or tx.departments.find(realm.realm_id, code=given)
    if found is None:
        raise DepartmentNotFound(Bilingual(
            f"no department has the id or code '{given[:80]}'", f"没有编号或编码为“{given[:80]}”的部门"))
    return found
