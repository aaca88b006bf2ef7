"""Seals: a signature over a whole PDF file, made by a real service over HTTP, verified by tools that are not ours."""
from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import httpx
import pytest
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from shared_components.devstack.binaries import pdftotext
from shared_components.devstack.sandbox import SEALS_KEY_ID, start_seal_service
from shared_components.devstack.seal_service import WITHOUT_SEAL
from shared_components.seals import (
    HttpSealService,
    NotSealable,
    SealAddress,
    SealRefused,
    SealUnavailable,
    sealed_pdf,
)
from shared_components.seals.pdf_signature import SIGNATURE_BYTES
from shared_components.testing.ports.seals import Seals, SealSuite

SECRET, CODE = "a-secret-of-the-seals", "1133010600000030X3"
AT = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ExitStack() as stack:
        yield start_seal_service(stack, SECRET)


class TestHttpSealService(SealSuite):
    @pytest.fixture
    def seals(self, url: str) -> Seals:
        return Seals(
            service(url), CODE, WITHOUT_SEAL, httpx.get(f"{url}/authority").content,
            service(url, "another-secret-of-ours"), service("http://127.0.0.1:1"))


class Hello(BaseHTTPRequestHandler):
    """Answers every request with a greeting."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def hello() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Hello) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def service(url: str, secret: str = SECRET, timeout_s: float = 5.0) -> HttpSealService:
    return HttpSealService(SealAddress(url, SEALS_KEY_ID, secret.encode(), timeout_s))


def a_file() -> bytes:
    out = BytesIO()
    SimpleDocTemplate(out, invariant=1).build([Paragraph("A document", getSampleStyleSheet()["Normal"])])
    return out.getvalue()


def sealed(url: str, code: str = CODE) -> bytes:
    return sealed_pdf(
        a_file(), lambda content: service(url).sign(code, content), owner="示范部门", reason="受理通知书", at=AT)


def read(pdf: bytes, folder: Path) -> str:
    file = folder / "sealed.pdf"
    file.write_bytes(pdf)
    pdfsig = [str(pdftotext().with_name("pdfsig")), "-nocert", str(file)]
    return subprocess.run(pdfsig, capture_output=True, check=False).stdout.decode()


def test_a_reader_finds_a_valid_signature_of_the_department_over_the_whole_file(url: str, tmp_path: Path) -> None:
    pdf = sealed(url)
    told = read(pdf, tmp_path)
    assert "Signature is Valid" in told and "Total document signed" in told
    assert f"CN={CODE}" in told
    assert pdf.startswith(a_file()), "what was there stays, byte for byte"


def test_the_certificate_leads_to_the_authority_of_the_seals(url: str, tmp_path: Path) -> None:
    pdf = sealed(url)
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", pdf)
    assert found is not None
    begin, end = int(found[1]), int(found[2])
    (tmp_path / "content").write_bytes(pdf[:begin] + pdf[end:])
    (tmp_path / "signature").write_bytes(bytes.fromhex(pdf[begin + 1:end - 1].decode()))
    (tmp_path / "authority.pem").write_bytes(httpx.get(f"{url}/authority").content)
    verified = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "content",
         "-CAfile", "authority.pem", "-purpose", "any", "-out", "out"],
        cwd=tmp_path, capture_output=True, check=False)
    assert verified.returncode == 0, verified.stderr.decode()


@pytest.mark.parametrize("place", [100, -200])
def test_a_changed_byte_is_seen(url: str, tmp_path: Path, place: int) -> None:
    pdf = bytearray(sealed(url))
    pdf[place] ^= 1
    assert "Signature is Valid" not in read(bytes(pdf), tmp_path)


def test_a_department_without_a_seal_and_a_wrong_key_are_refused(url: str) -> None:
    with pytest.raises(SealRefused, match="HTTP 404"):
        sealed(url, WITHOUT_SEAL)
    with pytest.raises(SealRefused, match="HTTP 401"):
        service(url, "another-secret-of-ours").sign(CODE, b"content")


def test_no_answer_and_what_is_no_signature_are_told_apart_from_a_refusal(hello: str) -> None:
    with pytest.raises(SealUnavailable, match="no signature"):
        service("http://127.0.0.1:1").sign(CODE, b"content")
    with pytest.raises(SealUnavailable, match="no CMS signature"):
        service(hello).sign(CODE, b"content")


@pytest.mark.parametrize(("pdf", "what"), [
    (b"%PDF-1.7\n", "no classic trailer"),
    (a_file().replace(b"/Pages", b"/Pagez"), "Pages"),
    (a_file().replace(b"/Kids", b"/AcroForm 1 /Kids").replace(b"/Type /Catalog", b"/AcroForm 2 /Type /Catalog"),
     "fields or annotations"),
])
def test_a_file_of_another_form_is_refused(pdf: bytes, what: str) -> None:
    with pytest.raises(NotSealable, match=what):
        sealed_pdf(pdf, lambda content: b"", owner="x", reason="x", at=AT)


def test_a_signature_without_room_is_refused() -> None:
    with pytest.raises(NotSealable, match="room"):
        sealed_pdf(a_file(), lambda content: b"0" * (SIGNATURE_BYTES + 1), owner="x", reason="x", at=AT)
