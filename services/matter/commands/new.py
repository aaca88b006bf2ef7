"""`zhongtai matter new`."""
from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import click

from shared_components.cli.errors import WrongUse
from shared_components.kernel.bilingual import Bilingual

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


@click.command("new")
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path), default=Path(), help="Where to write it.  [default: here]")
def new(name: str, folder: Path) -> None:
    """Write NAME.yaml, a small definition with comments that can be checked, walked and published as it is."""
    if not NAME.fullmatch(name):
        raise WrongUse(Bilingual(
            f"name is '{name[:80]}'; a small letter, then small letters, digits and -, up to 40, are allowed",
            f"名称为“{name[:80]}”；只允许小写字母开头，由小写字母、数字、短横线组成，最长 40 位"))
    path = folder / f"{name}.yaml"
    text = (resources.files("services.matter") / "definitions" / "start.yaml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text.replace("NAME", name))
    except FileExistsError:
        raise WrongUse(Bilingual(
            f"file '{path}' is there already; another name is allowed", f"文件“{path}”已存在；请换名称")) from None
    except OSError as error:
        raise WrongUse(Bilingual(
            f"file '{path}' cannot be written: {error.strerror}", f"文件“{path}”无法写入：{error.strerror}")) from None
    click.echo(f"{path} is written; next: zhongtai matter check {path}")
