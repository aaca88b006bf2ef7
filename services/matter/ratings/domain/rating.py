"""A rating of a case: once, by the applicant, in five levels; a bad one is answered within a limit.

Source: 国办发〔2019〕51号 (one rating for each matter handled, 一事一评; bad ratings are followed up).
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

LEVELS: Mapping[int, Bilingual] = {
    5: Bilingual("very satisfied", "非常满意"), 4: Bilingual("satisfied", "满意"), 3: Bilingual("fair", "基本满意"),
    2: Bilingual("dissatisfied", "不满意"), 1: Bilingual("very dissatisfied", "非常不满意"),
}
BAD = (1, 2)
SCORES = ("efficiency", "guide", "convenience", "platform")
"""办事效率, 指南精确度, 便捷度, 平台操作性."""
ANSWER_WITHIN_WORKING_DAYS = 5

RATED, TO_ANSWER, ANSWERED, APPEALED = "rated", "to-answer", "answered", "appealed"
STATE = StateMachine(
    "rating", TO_ANSWER,
    [Edge(TO_ANSWER, ANSWERED, "rating-answered"), Edge(TO_ANSWER, APPEALED, "rating-appealed"),
     Edge(APPEALED, ANSWERED, "rating-answered"), Edge(APPEALED, RATED, "rating-set-aside")],
    final=[ANSWERED, RATED])
"""Of a bad rating; another one is `rated` from the beginning. A rating that is set aside does not count."""


@dataclass(frozen=True, slots=True)
class Rating:
    """level: 5 (very satisfied) to 1. scores: of SCORES, each 1 to 5. due_at: by when a bad one is answered.

    counts: False where an appeal was upheld. comment, answer, appeal: texts; only the first is the applicant's.
    """

    id: str
    tenant: str
    case_id: str
    matter_code: str
    level: int
    scores: Mapping[str, int]
    state: str
    rated_at: datetime
    due_at: datetime | None = None
    answered_at: datetime | None = None
    counts: bool = True
    comment: str | None = field(default=None, repr=False)
    answer: str | None = field(default=None, repr=False)
    appeal: str | None = field(default=None, repr=False)

    @property
    def is_bad(self) -> bool:
        return self.level in BAD
