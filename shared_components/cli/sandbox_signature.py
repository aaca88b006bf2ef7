"""`zhongtai sandbox signature`: why a signed request is refused."""
from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_json
from shared_components.cli.settings import json_option

LARGEST_BYTES = 1024 * 1024


@click.command("signature")
@click.argument("body", type=click.Path(path_type=Path))
@click.option("--header", "-H", "headers", multiple=True, metavar="'NAME: VALUE'", help="As it was sent; repeat it.")
@click.option("--key-file", required=True, type=click.Path(path_type=Path), help="The secret, as text.")
@json_option
def check_signature(body: Path, headers: tuple[str, ...], key_file: Path, as_json: bool) -> int:
    """Tell whether the signature of a request is good, else which mistake makes it; exit 1.

    BODY is a file with the bytes that were sent.
    """
    from shared_components.security.signature_debugger import diagnose

    parted = [header.partition(":") for header in headers]
    if wrong := [name for name, sign, _ in parted if not sign or not name.strip()]:
        raise WrongUse(f"header '{wrong[0][:40]}' has no value; 'NAME: VALUE' is allowed")
    given = {name.strip(): value.strip() for name, _, value in parted}
    found = diagnose(given, _read(body), _read(key_file).rstrip(b"\r\n"), at=datetime.now(UTC))
    if as_json:
        print_json({"good": found.is_good, "message": str(found.said), "message_zh": found.said.zh})
    else:
        print(f"{found.said} / {found.said.zh}")
    return 0 if found.is_good else 1


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as wrong:
        raise WrongUse(f"file '{path}' cannot be read: {wrong.strerror}") from None
    if len(content) > LARGEST_BYTES:
        raise WrongUse(f"file '{path}' has over {LARGEST_BYTES} bytes")
    return content
