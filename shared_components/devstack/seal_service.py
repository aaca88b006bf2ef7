"""A seal service to practise with: a certificate authority of its own, and a seal for every department.

`python -m shared_components.devstack.seal_service --port 0` listens on loopback, prints one line of JSON with its
address and its key's id, and ends on SIGTERM. `GET /authority` gives the certificate that verifies its seals, PEM.
Department 000000000000000000 has no seal.
"""
from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shared_components.devstack.sandbox_program import sandbox_parser, secret_of, serve_sandbox
from shared_components.kernel.errors import AppError
from shared_components.security.request_signing import RequestVerifier

KEY_ID = "zhongtai"
WITHOUT_SEAL = "0" * 18
LARGEST_CONTENT = 5 * 1024 * 1024
VALID_FOR = timedelta(days=365)
Seal = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


class SealBooks:
    """The authority and its seals, for as long as the process lives."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self._authority: Seal = (_certificate("Sandbox seal authority", key, None), key)
        self._seals: dict[str, Seal] = {}

    @property
    def authority(self) -> bytes:
        return self._authority[0].public_bytes(serialization.Encoding.PEM)

    def sign(self, department_code: str, content: bytes) -> bytes:
        if department_code not in self._seals:
            key = ec.generate_private_key(ec.SECP256R1())
            self._seals[department_code] = (_certificate(department_code, key, self._authority), key)
        certificate, key = self._seals[department_code]
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
        return builder.add_certificate(self._authority[0]).sign(
            serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])


def _certificate(name: str, key: ec.EllipticCurvePrivateKey, authority: Seal | None) -> x509.Certificate:
    """authority: None for the authority's own."""
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    issuer, signer = (subject, key) if authority is None else (authority[0].subject, authority[1])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
    builder = builder.not_valid_after(now + VALID_FOR)
    return builder.add_extension(x509.BasicConstraints(authority is None, None), critical=True).sign(
        signer, hashes.SHA256())


def application(secret: bytes) -> Starlette:
    books, verifier = SealBooks(), RequestVerifier({KEY_ID: secret})

    async def sign(request: Request) -> Response:
        content = b""
        async for piece in request.stream():
            content += piece
            if len(content) > LARGEST_CONTENT:
                return PlainTextResponse("too large", 413)
        try:
            verifier.verify(request.headers, content, at=datetime.now(UTC))
        except AppError:
            return PlainTextResponse("signature", 401)
        code = str(request.path_params["code"])
        if code == WITHOUT_SEAL:
            return PlainTextResponse("no seal", 404)
        return Response(books.sign(code, content), media_type="application/pkcs7-signature")

    async def authority(_: Request) -> Response:
        return Response(books.authority, media_type="application/x-pem-file")

    return Starlette(routes=[
        Route("/seals/{code}/signatures", sign, methods=["POST"]), Route("/authority", authority)])


def main(arguments: Sequence[str] | None = None) -> int:
    parser, _ = sandbox_parser("seal-service", "A seal service to practise with.", "signature")
    options = parser.parse_args(arguments)
    secret = secret_of(parser, options)

    def make(address: str) -> tuple[Any, dict[str, Any]]:
        return application(secret), {"base_url": address, "key_id": KEY_ID}

    return serve_sandbox(options, make)


if __name__ == "__main__":
    sys.exit(main())
