"""docs/guides/configuration.md is what the schemas say, and says of every key what it is for."""
from __future__ import annotations

import re
from pathlib import Path

from marshmallow import fields

from shared_components.configuration.fields import Section, section, whole
from shared_components.configuration.loading import load_configuration
from shared_components.configuration.schema import ConfigurationSchema
from shared_components.runtime.configuration_page import PAGE, keys_of, page_text
from shared_components.runtime.discovery import service_names, settings_schema
from tests.unit.docs.pages import ROOT, blocks

ALL_KEYS = [
    *keys_of(ConfigurationSchema()),
    *(key for service in service_names() if (schema := settings_schema(service)) is not None
      for key in keys_of(schema(), f"services.{service}.")),
]


def test_the_page_is_what_the_code_says() -> None:
    committed = (ROOT / PAGE).read_text(encoding="utf-8")
    assert committed == page_text(), "stale; run `python -m shared_components.runtime.configuration_page`"


def test_every_key_says_what_is_allowed_and_what_it_is_for() -> None:
    """In its field's metadata: `allowed` and `meaning`."""
    assert [key.path for key in ALL_KEYS if not key.allowed or not key.meaning] == []


def test_every_key_of_a_complete_configuration_is_on_the_page() -> None:
    told = {key.path for key in ALL_KEYS}
    loaded = load_configuration(environ={})
    for name, inner in loaded.items():
        if name != "services":
            paths = {f"{name}.{key}" for key in inner} if isinstance(inner, dict) else {name}
            assert paths <= told


def test_sections_entries_and_defaults_are_told() -> None:
    class Inner(Section):
        port = whole(5, 1, 9, "Where")
        name = fields.String(required=True, metadata={"allowed": "a | b", "meaning": "Who"})

    class Outer(Section):
        one = section(Inner)
        many = fields.List(fields.Nested(Inner), load_default=list)

    found = {key.path: key.default for key in keys_of(Outer(), "x.")}
    assert found == {"x.one.port": "`5`", "x.one.name": "", "x.many": "`[]`", "x.many[].port": "`5`",
                     "x.many[].name": ""}


def test_the_example_is_a_configuration(tmp_path: Path) -> None:
    (example,) = [block for block in blocks(ROOT / PAGE) if block.language == "yaml"]
    file = tmp_path / "zhongtai.yaml"
    file.write_text(example.text)
    loaded = load_configuration(file, environ={"ZHONGTAI_BROKER_URL": "amqp://broker/"}, known_services=service_names())
    assert (loaded["http"]["port"], loaded["services"]["payment"]["bus"]["workers"]) == (8000, 20)
    assert not re.search(r"\$\{", str(loaded))
