"""Promises of every seal service (fixture `seals`: see Seals): what readers of a sealed file verify, and refusals."""
from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared_components.seals import SealRefused, SealService, SealUnavailable

LARGEST_SIGNATURE = 8192


@dataclass(frozen=True)
class Seals:
    """Adapters of one seal service.

    department, without_seal: unified social credit codes of a department with a seal, and of one without.
    authority: the certificate at the top, PEM. stranger: the adapter with a key that the service does not know.
    away: the adapter with a service that is not there.
    """

    service: SealService
    department: str
    without_seal: str
    authority: bytes
    stranger: SealService
    away: SealService


def verified(seals: Seals, signature: bytes, content: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Let OpenSSL verify a detached signature against the authority."""
    for name, data in (("content", content), ("signature", signature), ("authority.pem", seals.authority)):
        (folder / name).write_bytes(data)
    return subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "content",
         "-CAfile", "authority.pem", "-purpose", "any", "-out", "out"], cwd=folder, capture_output=True, check=False)


class SealSuite:
    """Signatures are judged by OpenSSL, not by our code."""

    @pytest.mark.parametrize("content", [b"content", b"\0\r\n\xff" * 500_000], ids=["short", "2 MB"])
    def test_a_signature_is_verified_up_to_the_authority(self, seals: Seals, content: bytes, tmp_path: Path) -> None:
        signature = seals.service.sign(seals.department, content)
        assert len(signature) <= LARGEST_SIGNATURE
        told = verified(seals, signature, content, tmp_path)
        assert told.returncode == 0, told.stderr.decode()

    def test_a_signature_is_of_its_content_alone(self, seals: Seals, tmp_path: Path) -> None:
        signature = seals.service.sign(seals.department, b"content")
        assert verified(seals, signature, b"contenT", tmp_path).returncode != 0

    def test_the_certificate_names_the_department(self, seals: Seals, tmp_path: Path) -> None:
        (tmp_path / "signature").write_bytes(seals.service.sign(seals.department, b"content"))
        told = subprocess.run(
            ["openssl", "pkcs7", "-inform", "DER", "-in", "signature", "-print_certs", "-noout"], cwd=tmp_path,
            capture_output=True, check=True)
        assert seals.department in told.stdout.decode()

    def test_a_department_without_a_seal_and_a_strange_key_are_refused(self, seals: Seals) -> None:
        with pytest.raises(SealRefused):
            seals.service.sign(seals.without_seal, b"content")
        with pytest.raises(SealRefused):
            seals.stranger.sign(seals.department, b"content")

    def test_a_service_that_is_away_is_told_apart_from_a_refusal(self, seals: Seals) -> None:
        with pytest.raises(SealUnavailable):
            seals.away.sign(seals.department, b"content")
