"""The states and kinds of a personal-information request."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

REQUEST_CHANGED = "personal-request-changed"

SUBMITTED, DONE, REFUSED, CANCELLED = "submitted", "done", "refused", "cancelled"
REQUEST = StateMachine(
    "personal-information request",
    initial=SUBMITTED,
    edges=[Edge(SUBMITTED, state, REQUEST_CHANGED) for state in (DONE, REFUSED, CANCELLED)],
    final=[DONE, REFUSED, CANCELLED],
)
STATE_LABELS = {
    SUBMITTED: Bilingual("In work", "办理中"), DONE: Bilingual("Done", "已办结"),
    REFUSED: Bilingual("Refused", "不予办理"), CANCELLED: Bilingual("Withdrawn by the person", "本人已撤回"),
}

INSPECT, COPY, CORRECT, DELETE, RESTRICT, WITHDRAW, CLOSE = (
    "inspect", "copy", "correct", "delete", "restrict", "withdraw-consent", "close-account")
KINDS = (INSPECT, COPY, CORRECT, DELETE, RESTRICT, WITHDRAW, CLOSE)
AT_ONCE = frozenset({INSPECT, COPY, WITHDRAW})
"""Kinds that the platform does itself: nobody has to decide about them."""
KIND_LABELS = {
    INSPECT: Bilingual("Inspect", "查阅"), COPY: Bilingual("Copy", "复制"), CORRECT: Bilingual("Correct", "更正"),
    DELETE: Bilingual("Delete", "删除"), RESTRICT: Bilingual("Restrict processing", "限制处理"),
    WITHDRAW: Bilingual("Withdraw consent", "撤回同意"), CLOSE: Bilingual("Close the account", "注销账号"),
}
