"""Kinds of arguments that payment's commands share: each is understood, or refused with what is allowed."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from services.payment.channels.adapters.registry import BUILT, NOT_BUILT
from shared_components.cli.arguments import is_text
from shared_components.kernel.dates import parse_date

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return parse_date(value)
        except ValueError:
            self.fail(f"'{value}' is no day; one such as 2025-06-02 is allowed", param, ctx)


class Matching(click.ParamType[str]):
    """A text that fits a pattern. what: `is no currency`; allowed: in words."""

    name = "text"

    def __init__(self, pattern: str, what: str, allowed: str) -> None:
        self._fits = re.compile(pattern).fullmatch
        self._what, self._allowed = what, allowed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not self._fits(value):
            self.fail(f"'{value[:80]}' is no {self._what}; {self._allowed} are allowed", param, ctx)
        return str(value)


class Words(click.ParamType[str]):
    """A text that says something, of at most so many characters."""

    name = "text"

    def __init__(self, longest: int) -> None:
        self._longest = longest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not is_text(value):
            self.fail(f"{value[:80]!a} is no text; text in UTF-8 is allowed", param, ctx)
        if not value.strip():
            self.fail(f"'{value[:80]}' is no text; 1 to {self._longest} characters are allowed", param, ctx)
        if len(value) > self._longest:
            self.fail(f"text is {len(value)} characters long; 1 to {self._longest} are allowed", param, ctx)
        return str(value)


class FilePath(click.ParamType[Path]):
    """Whether it can be read or written, files.py finds out."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value):
            self.fail("'' is no file's name", param, ctx)
        return Path(value)


CHANNEL = Matching("|".join((*BUILT, *NOT_BUILT)), "channel", f"there are {', '.join(BUILT)}; these")
CURRENCY = Matching("[A-Z]{3}", "currency", "three capital letters such as CNY")
TENANT = Matching("[A-Za-z0-9_.:-]{1,64}", "tenant", "1 to 64 letters, digits and _.:-")


def currency_option(function: Command) -> Command:
    return click.option("--currency", type=CURRENCY, default="CNY", show_default=True)(function)


def tenant_option(function: Command) -> Command:
    return click.option(
        "--tenant", type=TENANT, help="Whose data is meant; else the configuration's default_tenant.")(function)
