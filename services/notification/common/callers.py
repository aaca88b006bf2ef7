"""Callers that a method may be open to."""
from __future__ import annotations

SERVICES = ("matter", "identity", "elicence", "payment")
OPEN = ("app", "operator", "gateway")
