"""`zhongtai evidence`."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.settings import configuration_of, json_option
from shared_components.runtime.discovery import chosen_services

if TYPE_CHECKING:
    from shared_components.db import Database
    from shared_components.evidence_log.statements import Head
    from shared_components.evidence_log.verifying import LogReport
    from shared_components.security import Secrets

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("evidence")
def command() -> None:
    """Records of who did or saw what, sealed so that a later change shows."""


@command.command("verify")
@click.argument("service")
@click.option("--owner", metavar="TENANT", help="One owner's log; else all.")
@click.option("--witness", type=FILE, help="Heads that an outside witness has kept (`evidence heads --json`).")
@json_option
@click.pass_context
def verify(context: click.Context, service: str, owner: str | None, witness: Path | None, as_json: bool) -> int:
    """Walk the logs of SERVICE and say what is wrong with them; exit 1 when something is.

    Without --witness a log whose end was cut, together with every trace of it, cannot be told from a shorter one.
    """
    from shared_components.evidence_log.verifying import Verifier
    from shared_components.kernel.clock import SystemClock

    kept = _heads_in(witness) if witness else []
    with _log(context, service) as (database, secrets), database.reading(("*",), snapshot=True) as session:
        verifier = Verifier(session, service, secrets, now=SystemClock().now())
        owners = [owner] if owner else sorted({*verifier.owners(), *(head.owner for head in kept)})
        reports = [verifier.verify(one, kept) for one in owners]
    if as_json:
        print_json([_as_json(report) for report in reports])
    else:
        _print_reports(reports)
    return 0 if all(report.intact for report in reports) else 1


@command.command("heads")
@click.argument("service")
@json_option
@click.pass_context
def heads(context: click.Context, service: str, as_json: bool) -> None:
    """Print the newest head of each owner, for a witness to keep."""
    from shared_components.evidence_log.proofs import newest_heads

    with _log(context, service) as (database, _), database.reading(("*",)) as session:
        rows = [head.as_json() for head in newest_heads(session, service)]
    print_rows(rows, as_json=as_json, empty="nothing is sealed")


@command.command("keys")
@click.argument("service")
@click.pass_context
def keys(context: click.Context, service: str) -> None:
    """Print the public keys (Ed25519) with which a witness checks heads and proofs of SERVICE, as JSON."""
    from shared_components.evidence_log.proofs import public_keys_as_json
    from shared_components.evidence_log.statements import signing_purpose

    with _log(context, service) as (_, secrets):
        print_json(public_keys_as_json(secrets.signer(signing_purpose(service)).public_keys()))


@command.command("prove")
@click.argument("service")
@click.argument("record", metavar="RECORD_ID")
@click.pass_context
def prove(context: click.Context, service: str, record: str) -> None:
    """Print a proof, as JSON, that a record is in its owner's log."""
    from shared_components.evidence_log.proofs import inclusion_proof

    with _log(context, service) as (database, _), database.reading(("*",), snapshot=True) as session:
        print_json(inclusion_proof(session, service, record))


@command.command("check")
@click.argument("proof", type=FILE)
@click.option("--keys", "key_file", type=FILE, required=True, help="Public keys (`evidence keys`).")
def check(proof: Path, key_file: Path) -> int:
    """Check a proof of `evidence prove`; needs no database. Exit 1 when it does not hold."""
    from shared_components.evidence_log.proofs import proves_record, public_keys_of

    try:
        holds = proves_record(_json_in(proof), public_keys_of(_json_in(key_file)))
    except (ValueError, KeyError, TypeError) as error:
        raise WrongUse(f"'{proof}' or '{key_file}' is not what `evidence prove` and `evidence keys` print: {error}"
                       ) from None
    print("the record is in the log" if holds else "the proof does not hold")
    return 0 if holds else 1


@command.command("purge")
@click.argument("service")
@click.option("--keep-days", type=click.IntRange(183, 36_500), required=True, help="Age of the youngest to go.")
@click.pass_context
def purge(context: click.Context, service: str, keep_days: int) -> None:
    """Delete records of SERVICE older than that; heads stay, and the purge is a record itself."""
    from shared_components.evidence_log.purging import purge_all

    with _log(context, service) as (database, secrets):
        print(f"{purge_all(database, secrets, service, keep=timedelta(days=keep_days))} records were deleted")


@contextmanager
def _log(context: click.Context, service: str) -> Iterator[tuple[Database, Secrets]]:
    """The database and the keys of a service that keeps evidence."""
    from shared_components.db import Database
    from shared_components.evidence_log.lag import keeps_evidence
    from shared_components.security import Secrets

    configuration = configuration_of(context)
    chosen_services([service])
    database = Database(configuration["database"]["url"], service, pool_size=2)
    try:
        if not keeps_evidence(database):
            raise WrongUse(f"service '{service}' keeps no evidence, or its database is not migrated")
        yield database, Secrets.from_configuration(configuration["security"], configuration["environment"])
    finally:
        database.dispose()


def _heads_in(path: Path) -> list[Head]:
    from shared_components.evidence_log.statements import Head

    try:
        return [Head.of(one) for one in _json_in(path)]
    except (ValueError, TypeError) as error:
        raise WrongUse(f"witness file '{path}' is not what `evidence heads --json` prints: {error}") from None


def _json_in(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongUse(f"file '{path}' cannot be read as JSON: {type(error).__name__}") from None


def _as_json(report: LogReport) -> Mapping[str, Any]:
    return {
        "owner": report.owner, "intact": report.intact, "segments": report.segments, "records": report.records,
        "purged_segments": report.purged, "unsealed": report.unsealed,
        "head": report.head.as_json() if report.head else None,
        "findings": [{"kind": one.kind, "segment": one.segment, "record": one.record, "message": str(one.text),
                      "message_zh": one.text.zh} for one in report.findings],
    }


def _print_reports(reports: list[LogReport]) -> None:
    print_rows([{
        "owner": report.owner, "state": "intact" if report.intact else f"!{len(report.findings)} faults",
        "segments": report.segments, "records": report.records, "purged": report.purged, "unsealed": report.unsealed,
    } for report in reports], empty="no records")
    faults = [{"owner": report.owner, "kind": one.kind, "fault": f"!{one.text}"}
              for report in reports for one in report.findings]
    if faults:
        print()
        print_rows(faults)
