"""Keys that secrets are sealed with: `seal_<service>.<version>.pem` and `.pub.pem` in the keys' folder, both X25519.

The private file is in the folder of its service alone, the public one in that of the gateway.
"""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from shared_components.security.errors import KeyConfigurationError
from shared_components.security.proofs.key_folder import CONFIGURATION_KEY, KeyFolder, put_key_file

ALLOWED = "seal_<service>.<version>.pem and .pub.pem, X25519 keys in PEM (zhongtai keys seal)"


class SealKeys:
    """The keys of one service. Development makes the first; elsewhere a service without keys gets secrets unsealed."""

    def __init__(self, service: str, keys: KeyFolder | None) -> None:
        self._issuer, self._keys = f"seal_{service}", keys

    def public(self) -> Mapping[int, X25519PublicKey]:
        """Raises KeyConfigurationError."""
        return {version: _public(path) for version, path in self._files(public=True)}

    def private(self) -> Mapping[int, X25519PrivateKey]:
        """Raises KeyConfigurationError."""
        return {version: _private(path) for version, path in self._files(public=False)}

    def _files(self, *, public: bool) -> list[tuple[int, Path]]:
        if self._keys is None:
            return []
        if self._keys.makes and not self._keys.versions(self._issuer, public=public):
            make_seal_key(self._keys.folder, self._issuer, 1)
        ending = "pub.pem" if public else "pem"
        return [(version, self._keys.folder / f"{self._issuer}.{version}.{ending}")
                for version in self._keys.versions(self._issuer, public=public)]


def make_seal_key(folder: Path, issuer: str, version: int) -> Path:
    """Make a pair, as `make_key` does. Returns the path of the public key."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private_path, public_path = folder / f"{issuer}.{version}.pem", folder / f"{issuer}.{version}.pub.pem"
    put_key_file(private_path, X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    # Of whichever process was first.
    put_key_file(public_path, _private(private_path).public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public_path


def _private(path: Path) -> X25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, type(error).__name__) from None
    if not isinstance(key, X25519PrivateKey):
        raise _unusable(path, "another kind of key")
    return key


def _public(path: Path) -> X25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, type(error).__name__) from None
    if not isinstance(key, X25519PublicKey):
        raise _unusable(path, "another kind of key")
    return key


def _unusable(path: Path, why: str) -> KeyConfigurationError:
    return KeyConfigurationError(CONFIGURATION_KEY, f"has '{path.name}', which cannot be used ({why})", ALLOWED)
