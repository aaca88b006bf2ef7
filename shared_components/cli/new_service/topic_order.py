"""The order of a service's topics, as import-linter holds it: a topic imports only those before it."""
from __future__ import annotations

import re
from pathlib import Path

from shared_components.runtime.discovery import SERVICES

_ABOVE = '"(commands) | (sandbox)", "(service)", "(providers)", "(transaction)", '
_CONTRACT = """
[[tool.importlinter.contracts]]
id = "{name}-topics"
name = "a topic of {name} imports only those before it"
type = "layers"
containers = ["{services}.{name}"]
layers = [{above}{layers}]
exhaustive = true
exhaustive_ignores = ["migrations"]
"""


def put_topics_last(path: Path, name: str, topics: list[str]) -> None:
    """Write topics after those that `pyproject.toml` has of the service; the last one may import all others."""
    text = path.read_text(encoding="utf-8")
    above = re.compile(
        rf'(?s)(\[\[tool\.importlinter\.contracts\]\]\nid = "{name}-topics"\n(?:(?!\[\[).)*?"\(transaction\)", )')
    layers = ", ".join(f'"({topic})"' for topic in reversed(topics))
    if above.search(text):
        text = above.sub(lambda found: f"{found[1]}{layers}, ", text, count=1)
    else:
        text += _CONTRACT.format(name=name, services=SERVICES, above=_ABOVE, layers=layers)
    path.write_text(text, encoding="utf-8")
