"""Callers of methods that are open to apps."""
from __future__ import annotations

APPS = ("gateway", "app", "operator")
