"""`zhongtai dlq`."""
from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.platform_access import broker_view
from shared_components.cli.settings import configuration_of, json_option
from shared_components.kernel.errors import NotFound
from shared_components.runtime.discovery import chosen_services

if TYPE_CHECKING:
    from shared_components.bus.deployment.inspection import BrokerView, DeadLetter
    from shared_components.runtime.operator_socket import OperatorClient

LONGEST_LIST = 1000


class DeadLetterUnknown(NotFound):
    code = "cli.dead-letter-unknown"
    texts = {"en": "There is no such dead letter.", "zh": "没有这条死信。"}


@click.group("dlq")
def command() -> None:
    """Dead letters: what could not be served, and why."""


@command.command("list")
@click.argument("services", nargs=-1, metavar="[SERVICE…]")
@click.option("--limit", type=click.IntRange(1, LONGEST_LIST), default=100, show_default=True, help="Per service.")
@json_option
@click.pass_context
def list_(context: click.Context, services: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List dead letters, oldest first. Their bodies, which may hold personal data, are not shown."""
    names = chosen_services(services)
    with _view(context) as broker:
        rows = [_row(name, letter) for name in names for letter in broker.dead_letters(name, limit)]
    print_rows(rows, as_json=as_json, empty="no dead letters")


@command.command("show")
@click.argument("service")
@click.argument("letter_id", metavar="ID")
@click.option("--body", is_flag=True, help="Print the body too; it may hold personal data.")
@click.option("--json", "as_json", is_flag=True, help="For programs; the output is JSON in any case.")
@click.pass_context
def show(context: click.Context, service: str, letter_id: str, body: bool, as_json: bool) -> None:
    """Show one dead letter of SERVICE as JSON."""
    name = chosen_services([service])[0]
    with _view(context) as broker:
        letters = {letter.message_id: letter for letter in broker.dead_letters(name, LONGEST_LIST)}
    if letter_id not in letters:
        raise _unknown(name, letter_id)
    letter = letters[letter_id]
    print_json(_row(name, letter) | ({"body": letter.body.decode("utf-8", "replace")} if body else {}))


@command.command("redrive")
@click.argument("service")
@click.argument("letter_ids", nargs=-1, metavar="[ID…]")
@click.option("--all", "every", is_flag=True, help="All dead letters of the service, up to a thousand.")
@click.option("--queue", default="", metavar="QUEUE", help="For letters that do not tell it: their handler's queue.")
@json_option
@click.pass_context
def redrive(
    context: click.Context, service: str, letter_ids: tuple[str, ...], every: bool, queue: str, as_json: bool,
) -> int:
    """Send dead letters of SERVICE back to the handler that they came from, and to no other.

    Exit 1 when one could not be sent. A letter that its handler refuses again is a dead letter again.
    """
    if every == bool(letter_ids):
        raise WrongUse("dlq redrive needs either the ids of dead letters or --all")
    name = chosen_services([service])[0]
    with _view(context) as broker:
        redriven = broker.redrive(name, LONGEST_LIST, None if every else letter_ids, queue)
    missing = set(letter_ids) - {one.letter.message_id for one in redriven}
    if missing:
        raise _unknown(name, sorted(missing)[0])
    rows = [
        {"id": one.letter.message_id, "queue": one.letter.queue or queue, "outcome": _outcome(one.refused)}
        for one in redriven
    ]
    print_rows(rows, as_json=as_json, empty="no dead letters")
    return 1 if any(one.refused for one in redriven) else 0


@command.command("discard")
@click.argument("service")
@click.argument("letter_ids", nargs=-1, metavar="[ID…]")
@click.option("--all", "every", is_flag=True, help="All dead letters of the service, up to a thousand.")
@click.option("--reason", metavar="CODE", help="Those with this reason alone.")
@click.option("--queue", metavar="QUEUE", help="Those from this queue alone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def discard(
    context: click.Context, service: str, letter_ids: tuple[str, ...], every: bool, reason: str | None,
    queue: str | None, yes: bool, as_json: bool,
) -> int:
    """Throw dead letters of SERVICE away for ever; asks first, with their number. Exit 1 when that was answered no."""
    from shared_components.bus.deployment.inspection import Selection

    if (every or reason is not None or queue is not None) == bool(letter_ids):
        raise WrongUse("dlq discard needs either the ids of dead letters, or --all, --reason or --queue")
    name = chosen_services([service])[0]

    selection = Selection(letter_ids, reason, queue)
    with _view(context) as broker:
        found = [letter for letter in broker.dead_letters(name, LONGEST_LIST) if selection.has(letter)]
        missing = set(letter_ids) - {letter.message_id for letter in found}
        if missing:
            raise _unknown(name, sorted(missing)[0])
        agreed = bool(found) and (yes or _agreed(name, len(found)))
        # What has come meanwhile stays: that number was agreed to.
        gone = broker.discard(name, selection, len(found)) if agreed else []
    rows = [{"id": letter.message_id, "reason": letter.reason, "outcome": "discarded"} for letter in gone]
    print_rows(rows, as_json=as_json, empty="nothing discarded")
    return 1 if found and not agreed else 0


def _agreed(service: str, count: int) -> bool:
    if not sys.stdin.isatty():
        raise WrongUse(f"dlq discard would throw away {count} dead letters of '{service}'; --yes says that it may")
    return click.confirm(f"Throw away {count} dead letters of '{service}' for ever?", err=True)


def _view(context: click.Context) -> BrokerView | OperatorClient:
    return broker_view(configuration_of(context))


def _row(service: str, letter: DeadLetter) -> dict[str, Any]:
    return {
        "service": service, "id": letter.message_id, "reason": letter.reason, "text": letter.text,
        "queue": letter.queue, "exchange": letter.exchange, "routing_key": letter.routing_key, "bytes": letter.size,
    }


def _outcome(refused: str) -> str:
    return f"!stays: {refused}" if refused else "sent"


def _unknown(service: str, letter_id: str) -> DeadLetterUnknown:
    return DeadLetterUnknown(f"service '{service}' has no dead letter '{letter_id}'; `zhongtai dlq list` shows them")
