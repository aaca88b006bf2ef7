"""`zhongtai matter simulate`."""
from __future__ import annotations

from pathlib import Path

import click

from services.matter.commands.files import definition_in
from services.matter.commands.walking import REFUSE, Walk
from services.matter.kinds.registry import KINDS
from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json
from shared_components.cli.settings import json_option
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual


@click.command("simulate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--form", default="{}", help="The form as JSON, such as '{\"delivery\": \"post\"}'.")
@click.option("--refuse", multiple=True, help="A step that says no; may be repeated.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@json_option
def simulate(file: Path, form: str, refuse: tuple[str, ...], language: str, as_json: bool) -> None:
    """Walk a case of FILE from its submission to its end. Nothing real happens: each step answers as you say.

    A step that is not refused is done, with made-up results. Undoing and notices are shown too.
    """
    data = definition_in(file).data
    names = [step["step"] for step in data["steps"]]
    for name in refuse:
        if name not in names:
            raise WrongUse(Bilingual(
                f"--refuse names step '{name[:40]}'; there are {', '.join(names)}",
                f"--refuse 指明的步骤“{name[:40]}”不存在；现有步骤：{'、'.join(names)}"))
    walk = Walk(data, KINDS.rules, _form(form), dict.fromkeys(refuse, REFUSE))
    lines = list(walk.lines(language))
    if as_json:
        print_json({"state": walk.case.state, "lines": lines})
        return
    for line in lines:
        click.echo(line)
    click.echo(f"→ {walk.case.state}")


def _form(text: str) -> dict[str, object]:
    try:
        form = strict_json.read(text)
    except strict_json.JsonRefused as refused:
        raise WrongUse(Bilingual(f"--form: {refused}", f"--form：{refused.zh}")) from None
    if not isinstance(form, dict):
        raise WrongUse(Bilingual("--form is no JSON object; one is allowed", "--form 须为 JSON 对象"))
    return form
