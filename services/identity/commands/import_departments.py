"""`zhongtai directory import FILE`."""
from __future__ import annotations

from pathlib import Path

import click

from services.identity.commands.options import realm_option
from services.identity.commands.transactions import DryRun, identity_transactions
from services.identity.directory.adapters.department_file import FileUnreadable, read_departments
from services.identity.directory.usecases.import_departments import Outcome, import_rows
from services.identity.directory.usecases.lookups import locked_realm
from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option
from shared_components.kernel.bilingual import Bilingual


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would be done, and change nothing.")
@realm_option
@json_option
@click.pass_context
def import_departments(
    context: click.Context, file: Path, dry_run: bool, realm_id: str | None, as_json: bool,
) -> int:
    """Import departments from a CSV FILE: code, name, parent_code, credit_code; in UTF-8 or GB 18030.

    A department is known by its code: it is added, renamed, moved, or left as it is. All rows take effect, or none.
    Exit code 1 when a row is wrong.
    """
    try:
        rows = read_departments(file.read_bytes())
    except OSError as error:
        raise WrongUse(Bilingual(
            f"file '{file}' cannot be read: {error.strerror}", f"无法读取文件“{file}”：{error.strerror}")) from None
    except FileUnreadable as wrong:
        raise WrongUse(Bilingual(f"file '{file}' {wrong}", f"文件“{file}”{wrong.told.zh}")) from None
    outcomes: list[Outcome] = []
    with identity_transactions(context, realm_id) as transactions:
        try:
            with transactions.begin() as tx:
                outcomes = import_rows(tx, locked_realm(tx, transactions.context), rows, transactions.context)
                if dry_run or any(outcome.problems for outcome in outcomes):
                    raise DryRun
        except DryRun:
            pass
    failed = any(outcome.problems for outcome in outcomes)
    print_rows([{
        "line": outcome.row.line, "code": outcome.row.code, "name": outcome.row.name,
        "result": "!refused" if outcome.problems else ", ".join(outcome.done) or "unchanged",
        "problem": "; ".join(outcome.problems) or None,
    } for outcome in outcomes], as_json=as_json, empty="no department in the file")
    if failed or dry_run:
        click.echo("nothing was changed", err=True)
    return 1 if failed else 0
