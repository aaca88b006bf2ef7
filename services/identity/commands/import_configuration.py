"""`zhongtai directory import-configuration`."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from services.identity.commands.transactions import IdentityTransactions, identity_transactions
from services.identity.directory.usecases.import_configuration import (
    REFUSED,
    Configured,
    ConfiguredApp,
    Imported,
    import_part,
    parts_of,
)
from shared_components.cli.output import print_rows
from shared_components.cli.settings import json_option


@click.command("import-configuration")
@click.option("--realm-name", default="平台域", show_default=True, help="Name of the realm, when it is created.")
@click.option("--dry-run", is_flag=True, help="Report what would be done, and change nothing.")
@json_option
@click.pass_context
def import_settings(context: click.Context, realm_name: str, dry_run: bool, as_json: bool) -> int:
    """Take tenants and apps of the configuration into the directory; keys stay valid, by their hashes.

    The realm is that of bus.default_tenant. Read are bus.app_tenants, services.gateway.apps and
    services.matter.bootstrap_tenants. Each department and app is committed by itself: an import that was stopped is run
    again, and adds only what is missing. Exit code 1 when something is refused.
    """
    with identity_transactions(context, None) as transactions:
        configured = configured_of(transactions.configuration, realm_name)
        outcomes = list(_imported(transactions, configured, dry_run=dry_run))
    if dry_run:
        click.echo("nothing was changed", err=True)
    print_rows([{
        "thing": each.thing, "name": each.name,
        "result": f"!{each.result}" if each.result == REFUSED else each.result, "remark": each.remark,
    } for each in outcomes], as_json=as_json)
    return 1 if any(each.result == REFUSED for each in outcomes) else 0


def _imported(transactions: IdentityTransactions, configured: Configured, *, dry_run: bool) -> Iterator[Imported]:
    """Run each part in a transaction of its own, or all of them in one that ends without an effect."""
    parts = parts_of(configured, transactions.context)
    if not dry_run:
        yield from (import_part(transactions.begin_in_all, part) for part in parts)
        return
    with transactions.rehearsal() as begin:
        yield from (import_part(begin, part) for part in parts)


def configured_of(configuration: Mapping[str, Any], realm_name: str) -> Configured:
    services = configuration["services"]
    over_http = {entry["name"]: entry for entry in services.get("gateway", {}).get("apps", ())}
    tenants = configuration["bus"]["app_tenants"]
    apps = [
        ConfiguredApp(name, str(tenants.get(name) or over_http[name]["tenant"]), _keys(over_http.get(name, {})),
                      over_http.get(name, {}).get("methods", ("*",)))
        for name in dict.fromkeys([*over_http, *tenants])]
    realm_id = configuration["bus"]["default_tenant"]
    return Configured(
        realm_id, realm_name, [realm_id, *services.get("matter", {}).get("bootstrap_tenants", ())], apps)


def _keys(entry: Mapping[str, Any]) -> list[str]:
    """An empty one is a key of before that is no longer set."""
    keys = entry.get("keys_sha256") or [entry.get("key_sha256", "")]
    return [key for key in keys if key]
