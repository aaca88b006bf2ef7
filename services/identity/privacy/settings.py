"""Settings of personal-information requests: section services.identity.privacy."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from services.identity.privacy.domain.request import Term
from shared_components.configuration.calendars import platform_calendar
from shared_components.configuration.fields import days


class PrivacySettings(Schema):
    term_working_days = fields.Integer(
        load_default=15, strict=True, validate=validate.Range(1, 60), metadata={
            "allowed": "a whole number from 1 to 60",
            "meaning": "Working days within which a request about personal information is answered"})
    holidays = days("Days off beside the platform's calendar, for these terms only")
    make_up_days = days("Weekend days that are worked (调休上班日), for these terms only")


def term_of(settings: Mapping[str, Any], configuration: Mapping[str, Any]) -> Term:
    """The term that validated settings ask for, by the platform's calendar.

    A person is told an end at once, so a year that was not announced yet counts without its holidays.
    """
    return Term(settings["term_working_days"], platform_calendar(configuration, settings).for_every_year())
