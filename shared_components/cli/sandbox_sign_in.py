"""Persons to sign in as in the sandbox, and `zhongtai sandbox codes`: the one-time codes that were sent."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.policy import default
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import configuration_of, json_option
from shared_components.kernel.clock import SystemClock

# The service brings its persons and its transactions; nothing here imports a service.
PERSONS, TRANSACTIONS = "services.identity.sandbox.sign_in", "services.identity.commands.transactions"
MAILS = Path("var") / "sandbox" / "mails"
_CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")


def print_persons_to_sign_in(context: click.Context, as_json: bool) -> None:
    """Make persons, a company with its agent, and officers to sign in as in the sandbox, and list them.

    Those that are there stay. Everybody is invented, and all have one password. Raises WrongUse in production.
    """
    if configuration_of(context)["environment"] == "production":
        raise WrongUse("persons with a documented password are for development; environment is 'production'")
    sandbox = import_module(PERSONS)
    with import_module(TRANSACTIONS).identity_transactions(context, None) as transactions:
        entries = [_row(entry) for entry in sandbox.prepare(transactions)]
    if as_json:
        print_json({"password": sandbox.PASSWORD, "items": entries})
        return
    print_rows([{**entry, "acts_for": "、".join(entry["acts_for"])} for entry in entries], empty="nobody")
    click.echo(f"password of all: {sandbox.PASSWORD}\none-time codes: zhongtai sandbox codes", err=True)


def _row(entry: Any) -> dict[str, Any]:
    return {
        "identifier": entry.number, "name": entry.name, "email": entry.email, "acts_for": list(entry.acts_for),
        "officer_of": entry.post or ""}


@click.command("codes")
@click.option("--mails", type=click.Path(path_type=Path, file_okay=False), default=MAILS, show_default=True,
              help="The folder of the sandbox's mail server.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100), help="Mails, newest first.")
@json_option
def codes(mails: Path, limit: int, as_json: bool) -> None:
    """List one-time codes that the sandbox's mail server has got, newest first."""
    if not mails.is_dir():
        raise WrongUse(f"there is no folder {mails}; `zhongtai run` with its sandbox makes it, --mails names another")
    found = [row for row, _ in zip(_codes(mails), range(limit), strict=False)]
    if as_json:
        print_json({"items": found})
    else:
        print_rows(found, empty="no code was sent")


def _codes(mails: Path) -> Iterator[Mapping[str, Any]]:
    now = SystemClock().now().timestamp()
    for path in sorted(mails.glob("*.eml"), key=lambda each: each.stat().st_mtime, reverse=True):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        body = mail.get_body(preferencelist=("plain", "html"))
        code = _CODE.search(body.get_content() if body is not None else "")
        if code is not None:
            yield {"to": str(mail["To"]), "code": code[0], "seconds_ago": int(now - path.stat().st_mtime)}
