"""Encryption of what identifies a subject: each ciphertext is bound to the subject's id and the field."""
from __future__ import annotations

from shared_components.security import Secrets


class FieldEncryption:
    """The personal fields of subjects, by the service's key ring."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def seal(self, subject_id: str, field: str, text: str) -> bytes:
        return self._secrets.fields.encrypt(text, aad=f"{subject_id}/{field}")

    def open(self, subject_id: str, field: str, data: bytes) -> str:
        return self._secrets.fields.decrypt(data, aad=f"{subject_id}/{field}")

    def index(self, tenant: str, id_type: str, id_number: str) -> str:
        """The blind index of a document's number: equal for equal numbers of one tenant or population."""
        return self._secrets.blind_index(tenant, f"id:{id_type}", id_number)
