"""Text from escapes and bytes is checked as plain text is; a value is refused with its place."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.publishing.adapters import yaml_lines
from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.publishing.adapters.shipped import shipped_text
from services.matter.publishing.adapters.yaml_lines import LinedYaml, YamlProblem
from services.matter.schemas import MatterSettings
from services.notification.messages.settings import NotificationSettings
from shared_components.cli import app
from shared_components.configuration.errors import ConfigurationError
from shared_components.configuration.loading import load_configuration, load_service_settings

ESCAPES = [r"\0", r"\ud83d", r"\uD83D", r"\u0000", r"\x00", r"\U00000000", r"\e", r"\a", r"\x7f", r"\x9b", r"\ufffe",
           r"\ud83d\ude00"]  # fmt: skip
DEFINITION = shipped_text("driving-licence-renewal.yaml")


def with_title(text: str) -> str:
    """The shipped definition with another Chinese title, in double quotes, at a line that is known."""
    lines = DEFINITION.split("\n")
    number = next(n for n, line in enumerate(lines) if line.strip().startswith("zh:"))
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    lines[number] = f'{indent}zh: "{text}"'
    return "\n".join(lines)


LINE = next(n for n, line in enumerate(DEFINITION.split("\n"), 1) if line.strip().startswith("zh:"))


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize("escape", ESCAPES)
def test_an_escape_in_a_definition_is_refused_with_its_line(
    escape: str, loader: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PyYAML 6.0.3 makes characters of escapes that it refuses in the file itself, with and without libyaml."""
    monkeypatch.setattr(yaml_lines, "LOADER", getattr(yaml, loader))
    with pytest.raises(DefinitionInvalid) as refused:
        read_definition(with_title(f"驾驶证{escape}换证"))
    assert [problem["line"] for problem in refused.value.details["problems"]] == [LINE]


@pytest.mark.parametrize("text", ["驾驶证换证", r"a\tb", r"第一行\n第二行", r"\u9a7e\u9a76\u8bc1", r"\U0001F600", "𫰠"])
def test_other_escapes_are_text(text: str) -> None:
    assert read_definition(with_title(text))


@pytest.mark.parametrize("yaml_text", [r'"k\0": 1', r'a: {"k\0": 1}'])
def test_a_key_is_checked_too(yaml_text: str) -> None:
    with pytest.raises(YamlProblem, match=r"U\+0000"):
        LinedYaml(yaml_text)


@pytest.mark.parametrize("number", ["18446744073709551616", "-9223372036854775809", "9" * 400])
def test_a_number_that_cannot_be_kept_is_refused_with_its_line(number: str) -> None:
    with pytest.raises(YamlProblem, match="out of range") as refused:
        LinedYaml(f"a: 1\nb: {number}")
    assert refused.value.line == 2


# configuration

def written(folder: Path, text: str) -> Path:
    file = folder / "zhongtai.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("escape", [r"\0", r"\ud83d", r"\e", r"\x7f"])
def test_an_escape_in_the_configuration_is_refused_with_its_key(tmp_path: Path, escape: str) -> None:
    file = written(tmp_path, f'services:\n  notification:\n    smtp_password: "canary{escape}"\n')
    with pytest.raises(ConfigurationError, match=r"services\.notification\.smtp_password contains U\+") as refused:
        load_configuration(file, environ={})
    assert "canary" not in str(refused.value)


def test_a_name_in_the_configuration_is_checked_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"services contains U\+0000"):
        load_configuration(written(tmp_path, 'services: {"pay\\0ment": {}}\n'), environ={})


def test_bytes_of_the_environment_that_are_no_text_are_refused_with_their_key(tmp_path: Path) -> None:
    file = written(tmp_path, "database: {url: '${URL}'}\n")
    for environ in ({"URL": "postgresql://canary\udcff@h/d"}, {"URL": "a\x1bb"}):
        with pytest.raises(ConfigurationError, match=r"database\.url contains U\+"):
            load_configuration(file, environ=environ)
    with pytest.raises(ConfigurationError, match=r"broker\.url contains U\+DCFF"):
        load_configuration(None, environ={"ZHONGTAI_BROKER_URL": "amqp://a:b@c\udcff/"})


@pytest.mark.parametrize("text", [
    "http:\n  port: 1\n  port: 2\n", "http: {port: 1}\nhttp: {port: 2}\n", "services: {a: {}, a: {}}\n"])
def test_a_key_given_twice_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"has the key '\w+' twice, again at line \d"):
        load_configuration(written(tmp_path, text), environ={})


def test_aliases_do_not_make_the_check_endless(tmp_path: Path) -> None:
    bomb = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    with pytest.raises(ConfigurationError):
        load_configuration(written(tmp_path, bomb), environ={})


@pytest.mark.parametrize(("schema", "name"), [
    (MatterSettings, "stuck_after_attempts"), (NotificationSettings, "smtp_port"),
    (NotificationSettings, "max_attempts"), (NotificationSettings, "sweep_batch"),
])
@pytest.mark.parametrize("value", [12.7, "12.7", True, ""])
def test_a_fraction_in_the_configuration_is_not_cut_short(schema: Any, name: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=name):
        load_service_settings("matter", schema, {name: value})


# command line

@pytest.mark.parametrize(("arguments", "of"), [
    (["call", "payment.get_order", "--op-id", ""], "option --op-id"),
    (["call", "payment.get_order", "--tenant", ""], "option --tenant"),
    (["call", "payment.get_order", "--tenant="], "option --tenant"), (["call", ""], "an argument"),
    (["--config", "", "status"], "option --config"), (["-c", "", "status"], "option -c"),
    (["dlq", "redrive", "payment", "--all", "--queue", ""], "option --queue"),
])
def test_an_empty_value_on_the_command_line_is_refused(
    arguments: list[str], of: str, capsys: pytest.CaptureFixture[str],
) -> None:
    assert app.run_command(arguments) == 2
    assert f"{of} is empty; a value is allowed" in capsys.readouterr().err


def test_a_field_may_be_given_an_empty_text(capsys: pytest.CaptureFixture[str]) -> None:
    app.run_command(["call", "payment.get_order", "order_id="])
    assert "is empty" not in capsys.readouterr().err
