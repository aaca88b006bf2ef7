"""Texts of people in documents: each character as it is, with its font embedded, or a typed refusal."""
from services.payment.common.adapters.typesetting.markup import base_font, markup, paragraph_or_line

__all__ = ["base_font", "markup", "paragraph_or_line"]
