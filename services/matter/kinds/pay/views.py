"""The reply to choosing a channel."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChosenChannelView:
    case_id: str
    step: str
    state: str
    channel: str
    pay_url: str
