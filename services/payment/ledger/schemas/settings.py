"""The configuration section of the ledger's days."""
from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class BooksSettings(Schema):
    class Meta:
        unknown = RAISE

    close_days_after_s = fields.Integer(
        load_default=43_200, allow_none=True, strict=True, validate=validate.Range(0, 604_800), metadata={
            "allowed": "a whole number from 0 to 604800, or null",
            "meaning": "How long after midnight in China a business day is closed by itself; null: only by close_day. "
            "Until then channels' fees of that day are still dated into it"}
    )
