"""Names that the tests of the evidence log share."""
from __future__ import annotations

SERVICE = "archive"
