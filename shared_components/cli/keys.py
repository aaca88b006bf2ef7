"""`zhongtai keys`."""
from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from shared_components.cli.errors import WrongUse
from shared_components.cli.output import print_rows
from shared_components.cli.settings import configuration_of, json_option


@click.group("keys")
def command() -> None:
    """Master keys, from which working keys are derived, and keys that sign. No command shows a private one."""


@command.command("new")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(file: Path) -> None:
    """Make FILE with a new master key, or add a newer version to it; values then are made with the newest.

    Older versions stay, since what was encrypted with them must still be read.
    """
    from shared_components.security.key_files import read_key_file
    from shared_components.security.keys import KEY_BYTES, format_key

    version = read_key_file(file, create=False).current + 1 if file.exists() else 1
    line = format_key(version, secrets.token_bytes(KEY_BYTES)) + "\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        old = file.read_text(encoding="ascii") if file.exists() else ""
        _replace(file, old if not old or old.endswith("\n") else old + "\n", line)
    except OSError as wrong:
        raise WrongUse(f"key file '{file}' cannot be written: {wrong.strerror}") from wrong
    print(f"{file} has a new master key, version {version}; keep a copy where the database's backups are not")


@command.command("sign")
@click.argument("issuer")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def sign(issuer: str, folder: Path) -> None:
    """Make the next key in FOLDER that ISSUER signs tokens or tickets with.

    The private file goes to the issuer's `security.keys_folder` alone, the public one to all who verify.
    """
    from shared_components.security.proofs.key_folder import ISSUER_NAME, KeyFolder, make_key

    if not ISSUER_NAME.fullmatch(issuer):
        raise WrongUse(f"issuer is '{issuer}'; the name of a service is allowed")
    versions = KeyFolder(folder, makes=False).versions(issuer, public=True)
    version = versions[-1] + 1 if versions else 1
    try:
        path = make_key(folder, issuer, version)
    except OSError as wrong:
        raise WrongUse(f"folder '{folder}' cannot be written: {wrong.strerror}") from wrong
    print(f"{path} is the public key of '{issuer}', version {version}; let all who verify have it before it signs")


@command.command("seal")
@click.argument("service")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def seal(service: str, folder: Path) -> None:
    """Make the next key in FOLDER that secrets of calls are sealed with for SERVICE.

    The private file goes to the service's `security.keys_folder` alone. Let the service have it first, then give the
    gateway the public one: from then on queues hold no password, code, token or app key of its calls.
    """
    from shared_components.security.proofs.key_folder import ISSUER_NAME, KeyFolder
    from shared_components.security.seal_keys import make_seal_key

    issuer = f"seal_{service}"
    if not ISSUER_NAME.fullmatch(issuer):
        raise WrongUse(f"service is '{service}'; the name of a service is allowed")
    versions = KeyFolder(folder, makes=False).versions(issuer, public=True)
    version = versions[-1] + 1 if versions else 1
    try:
        path = make_seal_key(folder, issuer, version)
    except OSError as wrong:
        raise WrongUse(f"folder '{folder}' cannot be written: {wrong.strerror}") from wrong
    print(f"{path} is the public key of '{service}', version {version}; let the service have the private one first")


@command.command("check")
@json_option
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Show which versions of the master key the configuration finds."""
    from shared_components.security.key_files import load_key_ring

    configuration = configuration_of(context)
    ring = load_key_ring(configuration["security"], configuration["environment"])
    rows = [{"version": version, "use": "writes and reads" if version == ring.current else "reads"}
            for version in ring.versions]
    print_rows(rows, as_json=as_json)


def _replace(file: Path, old: str, line: str) -> None:
    """Write beside it, then rename: a crash leaves the old keys whole. Readable by the owner alone."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as target:
        target.write(old + line)
        target.flush()
        os.fsync(target.fileno())
    draft.replace(file)
