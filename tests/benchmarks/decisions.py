"""Decisions a second of one core: `permit` for each way in, in turns: the rate of the slowest way."""
from __future__ import annotations

from time import process_time
from typing import Any

from shared_components.security.authority import permit
from tests.unit.security.authority.model import Question
from tests.unit.security.authority.questions import GOOD

DECISIONS = 50_000
"""Decisions a way and turn; a turn takes less than a tenth of a second."""
TURNS = 5


def measure() -> dict[str, Any]:
    """rate: decisions in a second of computing, on the slowest way."""
    return {"rate": min(DECISIONS / min(_took_s(question) for _ in range(TURNS)) for question in GOOD.values())}


def _took_s(question: Question) -> float:
    context, rule, facts, copies = question.context, question.rule, question.facts, question.copies
    began = process_time()
    for _ in range(DECISIONS):
        permit(context, rule, facts, copies)
    return process_time() - began
