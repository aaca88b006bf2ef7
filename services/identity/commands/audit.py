"""`zhongtai identity audit verify|heads`: check identity's audit, and give witnesses its heads."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from services.identity.commands.options import TENANT
from shared_components.cli import evidence
from shared_components.cli.groups import HelpfulGroup
from shared_components.cli.settings import json_option

SERVICE = __name__.split(".")[1]


@click.group("audit", cls=HelpfulGroup)
def audit() -> None:
    """Records of sign-ins and of changes of accounts, mandates and the directory; kept for six months at least."""


@audit.command("verify")
@click.option("--realm", "owner", type=TENANT, metavar="REALM", help="One realm, or its sandbox; else all.")
@click.option("--witness", type=evidence.FILE, help="Heads that an outside witness has kept (`audit heads --json`).")
@json_option
@click.pass_context
def verify(context: click.Context, owner: str | None, witness: Path | None, as_json: bool) -> Any:
    """Walk the audit and say what was edited, deleted, moved or cut; exit 1 when something was.

    Without --witness an end that was cut, together with every trace of it, cannot be told from a shorter audit.
    """
    return context.invoke(evidence.verify, service=SERVICE, owner=owner, witness=witness, as_json=as_json)


@audit.command("heads")
@json_option
@click.pass_context
def heads(context: click.Context, as_json: bool) -> None:
    """Print the newest head of each realm, for a witness to keep."""
    context.invoke(evidence.heads, service=SERVICE, as_json=as_json)
