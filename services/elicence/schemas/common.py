"""Rules that several schemas share."""
from __future__ import annotations

from marshmallow import validate

from shared_components.kernel.bilingual import Bilingual

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}
MAX_CONTENT_FIELDS = 100
MAX_LICENCE_YEARS = 200

ID = validate.Length(1, 64)
TYPE_CODE = validate.Regexp(r"\A[0-9A-Z]{21}\Z", error=Bilingual(
    "Only 18 + 3 digits and capitals are allowed.", "应为 18 + 3 位数字与大写字母。"))
CREDIT_CODE = validate.Length(equal=18)
IDENTIFIER = validate.Length(1, 128)
NAME = validate.Length(1, 200)
REASON = validate.Length(1, 200)
PURPOSE = validate.Length(1, 200)
FIELD_NAME = validate.Length(1, 64)
