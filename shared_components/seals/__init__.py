"""Electronic seals (电子印章) on PDF files: a port to a seal service, and the signature that readers verify."""
from shared_components.seals.pdf_signature import NotSealable, sealed_pdf
from shared_components.seals.service import HttpSealService, SealAddress, SealRefused, SealService, SealUnavailable

__all__ = [
    "HttpSealService", "NotSealable", "SealAddress", "SealRefused", "SealService", "SealUnavailable", "sealed_pdf",
]
