"""The key ring: versioned master keys, from which every working key is derived."""
from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from time import monotonic

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared_components.security.errors import KeyConfigurationError

log = logging.getLogger(__name__)

KEY_BYTES = 32
LOOK_EVERY_S, LOOK_FOR_UNKNOWN_EVERY_S = 30.0, 1.0
TAKEN_UP_AFTER_S = 120.0
"""A version that comes while a process runs is read with at once, and written with after this: by then all have it."""
MAX_VERSION = 2**32 - 1
TEXT_FORMAT = "one `version:base64 of 32 bytes` a line (or separated by commas), versions 1, 2, …"


class KeyRing:
    """Master keys by version. New values are made with the highest; old ones are read with their own.

    A working key is derived (HKDF-SHA256) from a master key and a purpose, so no key serves two purposes.
    read_again: gives all keys anew, and raises KeyConfigurationError; None: the ring stays as it is. A version never
    goes and never changes while the process runs. seconds: a clock that never goes back.
    """

    def __init__(
        self, keys: Mapping[int, bytes], read_again: Callable[[], Mapping[int, bytes]] | None = None,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        if not keys:
            raise KeyConfigurationError("security.master_key", "holds no key", TEXT_FORMAT)
        for version, key in keys.items():
            if not 1 <= version <= MAX_VERSION or len(key) != KEY_BYTES:
                raise KeyConfigurationError(
                    "security.master_key", f"has {len(key)} bytes in version {version}", TEXT_FORMAT
                )
        self._keys = dict(keys)
        self._current = max(keys)
        self._derive = lru_cache(maxsize=4096)(self._derive_uncached)
        self._read_again, self._seconds = read_again, seconds
        self._came_at: dict[int, float] = {}
        self._looked_at = seconds()

    def __repr__(self) -> str:
        return f"KeyRing(versions={self.versions})"

    @property
    def current(self) -> int:
        """The version that new values are made with."""
        self._look(LOOK_EVERY_S)
        return self._current

    @property
    def versions(self) -> tuple[int, ...]:
        return tuple(sorted(self._keys))

    def __contains__(self, version: int) -> bool:
        if version not in self._keys:
            self._look(LOOK_FOR_UNKNOWN_EVERY_S)
        return version in self._keys

    def derive(self, purpose: str, version: int | None = None) -> bytes:
        """32 bytes for one purpose. Raises KeyError when the ring has no such version."""
        return self._derive(purpose, self.current if version is None else version)

    def _look(self, every_s: float) -> None:
        """Read the keys again, unless that was done within this time."""
        now = self._seconds()
        if self._read_again is None or now - self._looked_at < every_s:
            return
        self._looked_at = now
        try:
            found = self._read_again()
        except KeyConfigurationError as error:
            log.error("security.keys.not_read", extra={"problem": str(error)})
            return
        changed = sorted(version for version, key in found.items() if self._keys.get(version, key) != key)
        if changed:
            log.error("security.keys.changed", extra={"versions": changed})
        new = {version: key for version, key in found.items() if version not in self._keys}
        self._came_at |= dict.fromkeys(new, now)
        self._keys = {**self._keys, **new}
        self._current = max(
            version for version in self._keys if now - self._came_at.get(version, float("-inf")) >= TAKEN_UP_AFTER_S)

    def _derive_uncached(self, purpose: str, version: int) -> bytes:
        if version not in self:
            raise KeyError(version)
        info = b"zhongtai/" + purpose.encode()
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(self._keys[version])


def parse_key_ring(text: str, *, configuration_key: str) -> KeyRing:
    """Read a ring from its text form, as parse_keys does."""
    return KeyRing(parse_keys(text, configuration_key=configuration_key))


def parse_keys(text: str, *, configuration_key: str) -> dict[int, bytes]:
    """Read version → key from the text form; a bare base64 key is version 1. `#` begins a comment line."""
    lines = [line.strip() for line in text.replace(",", "\n").splitlines()]
    keys: dict[int, bytes] = {}
    for line in lines:
        if not line or line.startswith("#"):
            continue
        version, key = _parse_line(line, configuration_key)
        if version in keys:
            raise KeyConfigurationError(configuration_key, f"has version {version} twice", TEXT_FORMAT)
        keys[version] = key
    if not keys:
        raise KeyConfigurationError(configuration_key, "holds no key", TEXT_FORMAT)
    return keys


def _parse_line(line: str, configuration_key: str) -> tuple[int, bytes]:
    version_text, colon, encoded = line.partition(":")
    if not colon:
        version_text, encoded = "1", line
    try:
        version, key = int(version_text), base64.b64decode(encoded.strip(), validate=True)
    except (ValueError, binascii.Error):
        # `from None`: the cause's text could show a piece of the key.
        raise KeyConfigurationError(configuration_key, "has a line that is no key", TEXT_FORMAT) from None
    if not 1 <= version <= MAX_VERSION or len(key) != KEY_BYTES:
        raise KeyConfigurationError(
            configuration_key, f"has {len(key)} bytes in version {version}", TEXT_FORMAT
        )
    return version, key


def format_key(version: int, key: bytes) -> str:
    """One line of the text form."""
    return f"{version}:{base64.b64encode(key).decode()}"
