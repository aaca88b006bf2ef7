"""Commands of authors of definitions, without a platform."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import services.matter
from services.matter.commands import command, publishing
from services.matter.commands.diff import differences
from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.publishing.adapters.shipped import shipped_text
from shared_components.kernel.errors import InvalidInput
from shared_components.runtime.errors import WrongUse
from tests.cases.definitions import a_definition, as_yaml, callback_step, notify_step


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


@pytest.fixture
def shipped(tmp_path: Path) -> str:
    path = tmp_path / "renewal.yaml"
    path.write_text(shipped_text("driving-licence-renewal.yaml"), encoding="utf-8")
    return str(path)


def test_a_new_file_has_no_mistake_and_ends_well(tmp_path: Path) -> None:
    assert run("new", "market-stall", "--folder", str(tmp_path)).exit_code == 0
    path = str(tmp_path / "market-stall.yaml")
    assert json.loads(run("check", path, "--json").output)["matter_code"] == "market-stall"
    assert run("simulate", path).output.splitlines()[-1] == "→ completed"
    again = run("new", "market-stall", "--folder", str(tmp_path))
    assert isinstance(again.exception, WrongUse)


@pytest.mark.parametrize("name", ["", "Stall", "../stall", "9", "a" * 41, "stall\n"])
def test_a_name_that_is_no_code_is_refused(tmp_path: Path, name: str) -> None:
    refused = run("new", name, "--folder", str(tmp_path))
    assert isinstance(refused.exception, WrongUse)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("content", "told"), [
    (b"\xef\xbb\xbfformat: x", "byte order mark"), (b"\xff\xfe", "not UTF-8"),
    (b"a: 1\na: 2", "line 2: key 'a' is there twice"),
    (b"a: &x 1\nb: *x", "anchor or alias"), (b"a:\n\tb: 1", "not YAML"), (b"", "definition has"),
    (b"x" * 200_001, "200000 are allowed"),
])
def test_a_file_that_is_no_definition_is_refused_with_its_place(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(content)
    for name in ("check", "graph", "simulate"):
        refused = run(name, str(path))
        assert isinstance(refused.exception, WrongUse), refused.output
        assert told in refused.exception.message


@pytest.mark.parametrize("place", ["missing.yaml", "."])
def test_a_path_that_is_no_file_is_refused(tmp_path: Path, place: str) -> None:
    assert isinstance(run("check", str(tmp_path / place)).exception, WrongUse)


def test_a_refused_step_undoes_what_was_done(shipped: str) -> None:
    lines = run("simulate", shipped, "--refuse", "issue", "--language", "en").output.splitlines()
    assert "  [undo pay.refund]" in lines
    assert lines[-1] == "→ refused"


def test_the_form_decides_which_steps_are_walked(shipped: str) -> None:
    form = {"photo": "data:image/png;base64,AAAA", "delivery": "post", "address": "湖滨路1号楼"}
    by_post = json.loads(run("simulate", shipped, "--form", json.dumps(form), "--json").output)
    assert any("证件寄送" in line for line in by_post["lines"])
    electronic = json.loads(run("simulate", shipped, "--json").output)
    assert not any("证件寄送" in line for line in electronic["lines"])


@pytest.mark.parametrize(("option", "value"), [
    ("--form", "{"), ("--form", "[]"), ("--form", '{"photo": 1}'), ("--refuse", "nobody"),
])
def test_a_wrong_option_is_refused(shipped: str, option: str, value: str) -> None:
    assert isinstance(run("simulate", shipped, option, value).exception, WrongUse)


def test_a_drawing_is_xml_and_escapes_what_authors_write(tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [
        {**callback_step("medical"), "title": {"zh": "<script>", "en": "a & b"}},
        {**notify_step("tell", "told"), "after": ["medical"], "when": "steps.medical.passed"}]
    path = tmp_path / "drawn.yaml"
    path.write_text(as_yaml(a_definition(steps=steps)), encoding="utf-8")
    for language in ("zh", "en"):
        root = ElementTree.fromstring(run("graph", str(path), "--language", language).output)  # noqa: S314
        assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}


class FakePlatform:
    """Answers for matter, and keeps what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), list[tuple[Any, ...]]()

    def __enter__(self) -> FakePlatform:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def call(self, service: str, method: str, request: Any, *, context: Any) -> Any:
        self.asked.append((service, method, request, context))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def on(platform: FakePlatform, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setattr(publishing, "bus_caller", lambda configuration, caller: platform)
    monkeypatch.setattr(publishing, "configuration_of", lambda context: {})
    return run(*words)


def test_a_file_is_published_for_the_department_that_is_named(shipped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    warning = {"line": 7, "path": "steps.0", "message": "template 'x' is unknown", "allowed": "one"}
    platform = FakePlatform({"matter_code": "driving-licence-renewal", "version": 3, "warnings": [warning]})
    said = on(platform, monkeypatch, "publish", shipped, "--tenant", "police", "--allow-missing").output
    assert said.splitlines() == [
        "driving-licence-renewal is published as version 3", "  line 7: steps.0: template 'x' is unknown"]
    ((_, method, request, context),) = platform.asked
    assert (method, request["allow_missing"], context) == ("publish_definition", True, {"tenant": "police"})


def test_what_is_wrong_with_a_file_is_told_before_and_after_the_platform_is_asked(
    shipped: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty = tmp_path / "empty.yaml"
    empty.write_text("")
    platform = FakePlatform(InvalidInput("definition has 1 mistake(s)"))
    assert isinstance(on(platform, monkeypatch, "publish", str(empty)).exception, WrongUse)
    assert platform.asked == []
    assert isinstance(on(platform, monkeypatch, "publish", shipped).exception, WrongUse)


def test_all_pages_of_the_published_matters_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    def matter(code: str) -> dict[str, Any]:
        return {"matter_code": code, "version": 1, "title_zh": "事项", "title_en": "Matter", "item_code": "x"}

    platform = FakePlatform(
        {"items": [matter("a")], "next": "cursor"}, {"items": [matter("b")], "next": None})
    listed = json.loads(on(platform, monkeypatch, "list", "--json").output)
    assert [one["matter_code"] for one in listed] == ["a", "b"]
    assert [request["after"] for _, _, request, _ in platform.asked] == [None, "cursor"]


def test_two_versions_are_compared_by_the_names_of_steps() -> None:
    old = a_definition(steps=[callback_step("medical"), notify_step("tell", "told")])
    new = a_definition(steps=[notify_step("tell", "told-again")], rating=True)
    assert [(one["what"], one["path"]) for one in differences(old, new)] == [
        ("removed", "steps.medical"), ("changed", "steps.tell.with.template"), ("added", "rating")]


def test_the_published_schema_is_that_of_the_kinds_there_are() -> None:
    published = Path(services.matter.__file__).with_name("matter-1.schema.json")
    said = run("schema").output
    stale = f"stale; run `zhongtai matter schema > services/matter/{published.name}`"
    assert published.read_text(encoding="utf-8") == said, stale
    Draft202012Validator.check_schema(json.loads(said))


def test_an_editor_finds_by_the_published_schema_what_check_finds(shipped: str) -> None:
    schema = Draft202012Validator(json.loads(run("schema").output))
    definition = json.loads(json.dumps(read_definition(Path(shipped).read_text(encoding="utf-8"))))
    assert list(schema.iter_errors(definition)) == []
    definition["steps"][0]["with"]["rulez"] = []
    assert [list(error.absolute_path) for error in schema.iter_errors(definition)] == [["steps", 0, "with"]]
