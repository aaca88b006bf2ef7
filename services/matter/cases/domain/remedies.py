"""Remedies against a refusal, with their terms; a refusal without them is not complete.

Source: 行政许可法 article 38; 行政复议法 article 20 (60 days); 行政诉讼法 article 46 (six months).
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

RECONSIDERATION_DAYS, LITIGATION_MONTHS = 60, 6

REMEDIES: Sequence[Mapping[str, str]] = (
    {
        "kind": "administrative-reconsideration",
        "zh": f"对决定不服的，可以自知道该决定之日起 {RECONSIDERATION_DAYS} 日内依法申请行政复议。",
        "en": "You may apply for administrative reconsideration within "
              f"{RECONSIDERATION_DAYS} days of learning of the decision.",
    },
    {
        "kind": "administrative-litigation",
        "zh": f"也可以自知道该决定之日起 {LITIGATION_MONTHS} 个月内依法向人民法院提起行政诉讼。",
        "en": f"You may also bring a suit before a people's court within {LITIGATION_MONTHS} months of learning of it.",
    },
)
