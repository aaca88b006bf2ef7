"""Links lead to files and headings that are there; commands have the options that the pages give them."""
from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from shared_components.cli.app import zhongtai
from shared_components.cli.call import request_of, wanted_of
from shared_components.runtime.discovery import contract_of
from tests.unit.docs.pages import ROOT, blocks, headings, links, prose

PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
# A word in capitals stands for the reader's own.
COMMAND = re.compile(r"(?m)^(?:\$ )?(?:\.venv/bin/)?zhongtai ([^|>#\n]+)")
INLINE = re.compile(r"`zhongtai ([a-z][^`…\n]*)`")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        if "://" in link or link.startswith("mailto:"):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), f"{path.name}: {link}"
        if anchor and file.suffix == ".md":
            assert anchor in {slug(title) for _, title in headings(file)}, f"{path.name}: {link}"


def slug(title: str) -> str:
    """As GitHub makes a heading's anchor."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def written_commands() -> list[tuple[str, str]]:
    found = []
    for path in PAGES:
        texts = [block.text for block in blocks(path) if block.language in ("sh", "console")]
        lines = [line for text in texts for line in COMMAND.findall(re.sub(r"\\\n\s*", "", text))]
        found += [(path.name, line.strip()) for line in [*lines, *INLINE.findall(prose(path))]]
    return found


@pytest.mark.parametrize(("page", "line"), written_commands())
def test_a_command_is_written_as_it_is_used(page: str, line: str) -> None:
    """Parsed, not run: unknown commands and options, missing arguments."""
    words = shlex.split(line)
    if words[0].startswith("-"):
        words = words[2:]
    command: click.Command = zhongtai
    with click.Context(zhongtai) as context:
        while isinstance(command, click.Group) and words:
            name = words.pop(0)
            found = command.get_command(context, name)
            assert found is not None, f"{page}: zhongtai {line}"
            command = found
        # Its bare name in a sentence is no use of it.
        command.make_context(command.name, words, resilient_parsing=not words)


def written_calls() -> list[tuple[str, list[str]]]:
    """(page, [SERVICE.METHOD, KEY=VALUE…]) of the calls that are written out whole."""
    lines = [(page, shlex.split(line)) for page, line in written_commands() if " call " in f" {line} "]
    calls = [(page, words[words.index("call") + 1:]) for page, words in lines]
    # A shell variable has its value only where the page is run (readme_world).
    return [(page, words) for page, words in calls
            if words and not any(word.startswith("-") or "$" in word for word in words)]


@pytest.mark.parametrize(("page", "words"), written_calls())
def test_a_call_is_one_that_an_operator_may_make_and_the_service_takes(page: str, words: list[str]) -> None:
    service, _, name = words[0].partition(".")
    method = contract_of(service).methods[name]
    assert "operator" in method.callers, f"{page}: {words[0]}"
    method.request().load(request_of(tuple(words[1:]), None, wanted_of(service, name)))
