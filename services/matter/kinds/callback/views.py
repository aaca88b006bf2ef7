"""The reply to a callback."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallbackTakenView:
    case_id: str
    step: str
    state: str
