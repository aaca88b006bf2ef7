"""The facade that services are given: encrypt a field, decrypt it, find it."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared_components.security.blind_index import BlindIndex
from shared_components.security.errors import KeyConfigurationError
from shared_components.security.fields import FieldCipher
from shared_components.security.key_files import DEVELOPMENT_FILE, is_made_at_start, load_key_ring, read_key_file
from shared_components.security.keyed_hash import KeyedHash
from shared_components.security.keys import KeyRing
from shared_components.security.pairwise_ids import PairwiseIds
from shared_components.security.signatures import Signer


class Secrets:
    """fields: the field cipher. blind_index: the keyed hash. pairwise_ids: subjects' ids for apps; real ones where
    they are off. derive: a key for another purpose."""

    def __init__(
        self, ring: KeyRing, *, blind_index_key_version: int = 1, pairwise_key_version: int = 1,
        pairwise_ids: bool = False,
    ) -> None:
        self._ring = ring
        self.fields = FieldCipher(ring)
        self.blind_index = BlindIndex(ring, blind_index_key_version)
        self.pairwise_ids = PairwiseIds(ring, pairwise_key_version, enabled=pairwise_ids)

    @property
    def key_version(self) -> int:
        """The version of the current master key."""
        return self._ring.current

    def derive(self, purpose: str, version: int | None = None) -> bytes:
        """32 bytes for a purpose; equal in every process that has the same ring.

        version: of the master key; None: the current one. Raises KeyError when the ring does not have it.
        """
        return self._ring.derive(f"derived/{purpose}", version)

    def keyed_hash(self, purpose: str) -> KeyedHash:
        """Hashes that only who has the ring can make or check."""
        return KeyedHash(self._ring, purpose)

    def signer(self, purpose: str) -> Signer:
        """Signatures that everybody can check who has the public key."""
        return Signer(self._ring, purpose)

    @classmethod
    def for_development(cls, folder: Path | str) -> Secrets:
        """A key file in the folder, made at first use. For tests, demo and development only."""
        return cls(read_key_file(Path(folder) / DEVELOPMENT_FILE, create=True))

    @classmethod
    def from_configuration(cls, section: Mapping[str, Any] | None, environment: str) -> Secrets:
        """From configuration section `security`. Raises KeyConfigurationError, which names the key."""
        section = section or {}
        return cls(
            load_key_ring(section, environment), blind_index_key_version=_version(section, "blind_index_key_version"),
            pairwise_key_version=_version(section, "pairwise_key_version"),
            pairwise_ids=bool(section.get("pairwise_ids", False)))

    @classmethod
    def check_configuration(cls, section: Mapping[str, Any] | None, environment: str) -> None:
        """As from_configuration, but makes no file where development would. Raises KeyConfigurationError."""
        if not is_made_at_start(section, environment):
            cls.from_configuration(section, environment)


def _version(section: Mapping[str, Any], name: str) -> int:
    version = section.get(name, 1)
    if not isinstance(version, int) or isinstance(version, bool):
        raise KeyConfigurationError(f"security.{name}", f"is a {type(version).__name__}", "a version number")
    return version


def pairwise_ids(section: Mapping[str, Any], environment: str) -> PairwiseIds | None:
    """Ids for sectors by configuration section `security`; None where they are off, and no key is needed.

    Raises KeyConfigurationError.
    """
    return Secrets.from_configuration(section, environment).pairwise_ids if section.get("pairwise_ids") else None
