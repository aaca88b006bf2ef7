"""Filings (报备): a version of a text template as a carrier knows it."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notification.templates.domain.template import TemplateKey

PENDING, FILED, REFUSED = "pending", "filed", "refused"
STATES = (PENDING, FILED, REFUSED)


@dataclass(frozen=True, slots=True)
class Filing:
    """provider_template_id: the carrier's number of the text. signature: filed with it, without brackets.

    parameters: the names of the template's values in the order that the carrier counts them.
    """

    key: TemplateKey
    version: int
    provider: str
    provider_template_id: str
    signature: str
    parameters: Sequence[str]
    state: str
    changed_at: datetime
