"""The folder of signing keys: `<issuer>.<version>.pem` is private, `<issuer>.<version>.pub.pem` public, both Ed25519.

A service's folder holds its own private keys, and the public keys of those whose tokens and tickets it takes.
"""
from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from joserfc.jwk import OKPKey

from shared_components.security.errors import KeyConfigurationError
from shared_components.security.tokens import SigningKey

CONFIGURATION_KEY = "security.keys_folder"
DEVELOPMENT_FOLDER = Path("var") / "keys"
SANDBOX_ISSUER = "sandbox"
"""Signs access tokens in development; production refuses its keys."""
ALLOWED = "a folder of <issuer>.<version>.pem and <issuer>.<version>.pub.pem, Ed25519 keys in PEM"
ISSUER_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FILE = re.compile(rf"(?P<issuer>{ISSUER_NAME.pattern})\.(?P<version>[1-9][0-9]{{0,5}})(?P<public>\.pub)?\.pem")


class KeyFolder:
    """The keys of one folder. makes: a missing key is made, in development."""

    def __init__(self, folder: Path, *, makes: bool) -> None:
        self.folder = folder
        self.makes = makes

    @classmethod
    def from_configuration(cls, section: Mapping[str, Any] | None, environment: str) -> KeyFolder | None:
        """Give the folder that configuration section `security` names.

        Without one development has `var/keys`, and production none: tokens and tickets are refused then.
        """
        named = (section or {}).get("keys_folder")
        development = environment == "development"
        if named is None:
            return cls(DEVELOPMENT_FOLDER, makes=True) if development else None
        folder = cls(Path(named), makes=development)
        if not development and folder.versions(SANDBOX_ISSUER, public=True):
            raise KeyConfigurationError(
                CONFIGURATION_KEY, f"has a key of '{SANDBOX_ISSUER}' and environment is '{environment}'",
                "keys of the login that signs access tokens")
        return folder

    def versions(self, issuer: str, *, public: bool) -> list[int]:
        """The versions of an issuer's keys in the folder, oldest first."""
        found = (_FILE.fullmatch(path.name) for path in self.folder.glob(f"{issuer}.*.pem"))
        return sorted(int(match["version"]) for match in found if match is not None and bool(match["public"]) == public)

    def signing_key(self, issuer: str) -> SigningKey:
        """The newest private key of an issuer. Raises KeyConfigurationError."""
        versions = self.versions(issuer, public=False)
        if not versions:
            if not self.makes:
                raise KeyConfigurationError(
                    CONFIGURATION_KEY, f"names '{self.folder}', which has no private key of '{issuer}'", ALLOWED)
            make_key(self.folder, issuer, 1)
            versions = [1]
        path = self.folder / f"{issuer}.{versions[-1]}.pem"
        return SigningKey(kid_of(issuer, versions[-1]), _private(path))

    def public_keys(self, issuer: str) -> dict[str, OKPKey]:
        """kid → key, of all versions of an issuer; development makes the first. Raises KeyConfigurationError."""
        if self.makes and not self.versions(issuer, public=True):
            make_key(self.folder, issuer, 1)
        return {
            kid_of(issuer, version): _public(self.folder / f"{issuer}.{version}.pub.pem")
            for version in self.versions(issuer, public=True)
        }


def kid_of(issuer: str, version: int) -> str:
    """The name of a key in tokens and tickets."""
    return f"{issuer}/{version}"


def make_key(folder: Path, issuer: str, version: int) -> Path:
    """Make a key pair; the private file is readable by its owner alone. Keys that are there stay what they are.

    Returns the path of the public key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private_path, public_path = folder / f"{issuer}.{version}.pem", folder / f"{issuer}.{version}.pub.pem"
    put_key_file(private_path, Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    # Of whichever process was first.
    key = _loaded(private_path)
    put_key_file(public_path, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public_path


def put_key_file(path: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # A hard link fails if another process was first: all processes end up with one and the same key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def _loaded(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, error) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable(path, TypeError())
    return key


def _private(path: Path) -> OKPKey:
    return OKPKey.import_key(_loaded(path).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _public(path: Path) -> OKPKey:
    try:
        content = path.read_bytes()
        key = load_pem_public_key(content)
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, error) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _unusable(path, TypeError())
    return OKPKey.import_key(content)


def _unusable(path: Path, error: Exception) -> KeyConfigurationError:
    return KeyConfigurationError(
        CONFIGURATION_KEY, f"has '{path.name}', which cannot be used ({type(error).__name__})", ALLOWED)
