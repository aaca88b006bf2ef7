"""A case at a moment, as the rules about it see it."""
from __future__ import annotations

from datetime import datetime
from typing import Protocol

from services.matter.cases.domain.case import Case
from services.matter.definitions.domain.model import Definition


class CaseNow(Protocol):
    """definition: the version by which the case runs. now: of the change that is being made, UTC."""

    @property
    def case(self) -> Case: ...

    @property
    def definition(self) -> Definition: ...

    @property
    def now(self) -> datetime: ...
