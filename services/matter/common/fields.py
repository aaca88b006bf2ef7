"""Rules and kinds of fields that several schemas share."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from shared_components.contracts import text
from shared_components.kernel.return_addresses import LONGEST_ADDRESS

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}
NAME = r"\A[a-z][a-z0-9-]{0,39}\Z"


def limited_text(longest: int, **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, longest), **kwargs)


def matter_code(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(NAME), **kwargs)


def form(*, metadata: Mapping[str, Any], **kwargs: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)), validate=validate.Length(max=100),
        metadata={**metadata, **PERSONAL}, **kwargs,
    )


def return_url() -> fields.Url:
    return fields.Url(
        load_default=None, allow_none=True, require_tld=False, schemes={"http", "https"},
        validate=validate.Length(max=LONGEST_ADDRESS), metadata=text(
            "The page of the case, to which the applicant comes back after paying, as https://app.example/cases/1. "
            "Addresses are allowed for each app.",
            "缴费后返回的办件页面，如 https://app.example/cases/1；每个应用允许的地址须事先配置。"),
    )


def moment(**kwargs: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=True, **kwargs)
