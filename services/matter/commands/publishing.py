"""`zhongtai matter publish` and `zhongtai matter list`."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from services.matter.commands.files import definition_in, text_of
from shared_components.cli.errors import wrong_use
from shared_components.cli.output import print_json, print_rows
from shared_components.cli.platform_access import OPERATOR, bus_caller
from shared_components.cli.settings import configuration_of, json_option
from shared_components.kernel.errors import InvalidInput

PAGE = 100
MOST_PAGES = 100
tenant_option = click.option("--tenant", help="The department's tenant id; else the configuration's default_tenant.")


@click.command("publish")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--allow-missing", is_flag=True, help="Publish although something that FILE names does not exist yet.")
@tenant_option
@json_option
@click.pass_context
def publish(
    context: click.Context, file: Path, allow_missing: bool, tenant: str | None, as_json: bool,
) -> None:
    """Publish FILE on the running platform: cases that start from now on are of this version.

    FILE is checked first; then all that it names is looked up. The same content again is the same version.
    """
    definition_in(file)
    request = {"definition_yaml": text_of(file), "allow_missing": allow_missing}
    try:
        published = _call(context, "publish_definition", request, tenant)
    except InvalidInput as error:
        raise wrong_use(error) from None
    if as_json:
        print_json(published)
        return
    click.echo(f"{published['matter_code']} is published as version {published['version']}")
    for warning in published["warnings"]:
        click.echo(f"  line {warning['line']}: {warning['path']}: {warning['message']}")


@click.command("list")
@tenant_option
@json_option
@click.pass_context
def list_published(context: click.Context, tenant: str | None, as_json: bool) -> None:
    """List the published matters of a department, each with its newest version."""
    rows: list[dict[str, Any]] = []
    after = None
    for _ in range(MOST_PAGES):
        page = _call(context, "list_matters", {"limit": PAGE, "after": after}, tenant)
        rows += [{name: one[name] for name in ("matter_code", "version", "title_zh", "title_en")}
                 for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    print_rows(rows, as_json=as_json)


def _call(context: click.Context, method: str, request: dict[str, Any], tenant: str | None) -> Any:
    stated = None if tenant is None else {"tenant": tenant}
    with bus_caller(configuration_of(context), caller=OPERATOR) as client:
        return client.call("matter", method, request, context=stated)
