"""The texts in templates that are to be translated."""
from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment


def template_texts(package: str) -> set[str]:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    environment.policies["ext.i18n.trimmed"] = True
    found: set[str] = set()
    for template in (files(package) / "templates").iterdir():
        if template.name.endswith(".html"):
            calls = environment.extract_translations(template.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
            found |= {text for _line, _function, text in calls if isinstance(text, str)}
    return found
