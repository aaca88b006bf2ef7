"""Texts of people in documents: each character as it is, with its font embedded, or a typed refusal."""
from shared_components.typesetting.errors import FontsMissing, NotPrintable
from shared_components.typesetting.markup import base_font, markup, paragraph_or_line

__all__ = ["FontsMissing", "NotPrintable", "base_font", "markup", "paragraph_or_line"]
