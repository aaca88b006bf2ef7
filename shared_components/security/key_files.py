"""Where the key ring comes from: a file, the configuration, or a key made for development."""
from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared_components.security.errors import KeyConfigurationError
from shared_components.security.keys import KEY_BYTES, KeyRing, format_key, parse_key_ring, parse_keys

FILE_KEY, TEXT_KEY = "security.master_key_file", "security.master_key"
DEVELOPMENT_FOLDER = Path("var")
DEVELOPMENT_FILE = "master.key"


def load_key_ring(section: Mapping[str, Any] | None, environment: str) -> KeyRing:
    """The ring that configuration section `security` asks for.

    `master_key` (from the environment) or `master_key_file`, not both. Without either, development makes a key
    under var/; production refuses, since a key made at start would be lost with the container.
    """
    text, file = _text(section, "master_key"), _text(section, "master_key_file")
    if text and file:
        raise KeyConfigurationError(TEXT_KEY, f"is set, and {FILE_KEY} too", "one of the two")
    if text:
        return parse_key_ring(text, configuration_key=TEXT_KEY)
    if file:
        return read_key_file(Path(file), create=environment == "development")
    if environment == "development":
        return read_key_file(DEVELOPMENT_FOLDER / DEVELOPMENT_FILE, create=True)
    raise KeyConfigurationError(
        FILE_KEY, f"is not set and environment is '{environment}'", f"a file of keys, or the keys in {TEXT_KEY}"
    )


def is_made_at_start(section: Mapping[str, Any] | None, environment: str) -> bool:
    """Whether the key ring's file is still missing, and development makes it."""
    if environment != "development" or _text(section, "master_key"):
        return False
    file = _text(section, "master_key_file")
    return not (Path(file) if file else DEVELOPMENT_FOLDER / DEVELOPMENT_FILE).exists()


def read_key_file(path: Path, *, create: bool) -> KeyRing:
    """Read a file of keys, which is looked at again while the process runs.

    create: make it with a new key (mode 0600) when it is missing.
    """
    if create:
        _create_once(path)
    # The folder of now: a process may change its own later.
    whole = path.absolute()
    return KeyRing(_read(path), lambda: _read(whole))


def _read(path: Path) -> dict[int, bytes]:
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise KeyConfigurationError(FILE_KEY, f"names '{path}', which is missing", "a readable file of keys") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise KeyConfigurationError(
            FILE_KEY, f"names '{path}', which cannot be read ({reason})", "a readable file of keys"
        ) from None
    return parse_keys(text, configuration_key=FILE_KEY)


def _create_once(path: Path) -> None:
    try:
        if not path.exists():
            _create(path)
    except OSError as error:
        reason = type(error).__name__
        raise KeyConfigurationError(
            FILE_KEY, f"names '{path}', which cannot be made ({reason})", "a folder that may be written to") from None


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(format_key(1, secrets.token_bytes(KEY_BYTES)) + "\n")
        # A hard link fails if another process was first: all processes end up with one and the same key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def _text(section: Mapping[str, Any] | None, name: str) -> str:
    value = (section or {}).get(name)
    if value is not None and not isinstance(value, str):
        raise KeyConfigurationError(f"security.{name}", f"is a {type(value).__name__}", "text")
    return value or ""
