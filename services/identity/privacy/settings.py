"""Settings of personal-information requests: section services.identity.privacy."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from services.identity.privacy.domain.request import Term
from shared_components.kernel.working_days import WorkingCalendar


class PrivacySettings(Schema):
    term_working_days = fields.Integer(
        load_default=15, strict=True, validate=validate.Range(1, 60), metadata={
            "allowed": "a whole number from 1 to 60",
            "meaning": "Working days within which a request about personal information is answered"})
    holidays = fields.List(
        fields.Date(), load_default=list, metadata={
            "allowed": "a list of days, YYYY-MM-DD", "meaning": "Days off beside the weekends, for these terms"})
    make_up_days = fields.List(
        fields.Date(), load_default=list, metadata={
            "allowed": "a list of days, YYYY-MM-DD", "meaning": "Weekend days that are worked, for these terms"})


def term_of(settings: Mapping[str, Any]) -> Term:
    """The term that validated settings ask for."""
    calendar = WorkingCalendar(frozenset(settings["holidays"]), frozenset(settings["make_up_days"]))
    return Term(settings["term_working_days"], calendar)
