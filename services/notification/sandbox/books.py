"""The texts that the sandbox has taken, and what becomes of each."""
from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Any

from shared_components.kernel.ids import new_id

MOST_KEPT = 100_000
SIMULATED = "+861390000000"
"""Numbers that begin so simulate, by their last digit, what the guide's table says."""
DELIVERED = ("delivered", "")
RECEIPTS = {
    "2": ("permanent-failure", "UNKNOWN-NUMBER"), "3": ("temporary-failure", "PHONE-OFF"), "6": None,
}
"""Last digit of a simulated number → the receipt's state and code; None: there is never one."""
REFUSALS = {"4": ("refused", "BLACKLISTED"), "7": ("failed", "NO-ROUTE")}
BUSY_ONCE = "5"


@dataclass(slots=True)
class SentText:
    """state: as the next receipt or question tells it."""

    message_id: str
    reference: str
    number: str
    signature: str
    body: str
    state: str = "sent"
    code: str = ""

    def told(self) -> dict[str, Any]:
        return {"message_id": self.message_id, "reference": self.reference, "state": self.state, "code": self.code}


@dataclass
class Books:
    """times: how often each message was taken; more than once is doubled."""

    texts: OrderedDict[str, SentText] = field(default_factory=OrderedDict)
    times: Counter[str] = field(default_factory=Counter)
    _asked: set[str] = field(default_factory=set)

    def take(self, given: dict[str, Any]) -> tuple[dict[str, Any], SentText | None]:
        """The answer about one text, and the text when it was taken."""
        digit = given["number"][-1] if given["number"].startswith(SIMULATED) else ""
        if digit in REFUSALS:
            verdict, code = REFUSALS[digit]
            return {"verdict": verdict, "code": code}, None
        if digit == BUSY_ONCE and given["message_id"] not in self._asked:
            self._asked.add(given["message_id"])
            return {"verdict": "busy", "code": "FREQUENCY"}, None
        text = SentText(
            given["message_id"], new_id("sms"), given["number"], given["signature"], given["body"])
        self.texts[text.message_id] = text
        self.times[text.message_id] += 1
        while len(self.texts) > MOST_KEPT:
            self.texts.popitem(last=False)
        return {"verdict": "taken", "reference": text.reference}, text

    def receipt_of(self, text: SentText) -> tuple[str, str] | None:
        """The last word of the person's phone; None: nobody will know."""
        digit = text.number[-1] if text.number.startswith(SIMULATED) else ""
        return RECEIPTS.get(digit, DELIVERED)

    def told(self, message_id: str) -> dict[str, Any]:
        text = self.texts.get(message_id)
        return {"message_id": message_id, "state": "absent"} if text is None else text.told()
