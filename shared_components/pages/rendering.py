"""Renders templates inside the common layout."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from shared_components.kernel.languages import LANGUAGES, Language
from shared_components.pages.presentation import Presentation
from shared_components.pages.texts import LAYOUT, Texts, translate


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """text: in English, as the texts have it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One line of the error summary. field: the id of the form's field; text: in the reader's language."""

    field: str
    text: str


class Pages:
    """The pages of one service.

    package: has the folder `templates`; each template extends `layout.html`.
    chinese: the Chinese of every English text of these templates.
    """

    def __init__(self, package: str, *, chinese: Texts, navigation: Sequence[NavigationLink] = ()) -> None:
        self._navigation = tuple(navigation)
        # A package's own templates come first: `layout.html` alone is the common one.
        loader = ChoiceLoader([PackageLoader(package), PackageLoader("shared_components.pages")])
        texts = self._texts = {**chinese, **LAYOUT}
        self._environments: Mapping[Language, Environment] = {
            language: _environment(loader, language, texts) for language in LANGUAGES}

    def render(
        self, template: str, presentation: Presentation, *, path: str, problems: Sequence[FieldProblem] = (),
        **facts: Any,
    ) -> str:
        """A whole document. path: the page's own address; problems: shown above the content."""
        found = self._environments[presentation.language].get_template(template)
        return found.render(
            facts, presentation=presentation, path=path, problems=problems, navigation=self._navigation)

    def text(self, text: str, presentation: Presentation) -> str:
        """One of the texts in the reader's language. Raises KeyError for a text that has no Chinese."""
        return translate(text, presentation.language, self._texts)


def _environment(loader: ChoiceLoader, language: Language, chinese: Texts) -> Environment:
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        auto_reload=False, extensions=["jinja2.ext.i18n"])
    environment.policies["ext.i18n.trimmed"] = True
    # The extension adds methods to the environment; no type says so.
    extended: Any = environment
    extended.install_gettext_callables(
        partial(translate, language=language, chinese=chinese), _no_plural, newstyle=True)
    return environment


def _no_plural(_singular: str, _plural: str, _count: int) -> str:
    raise NotImplementedError("texts have no plural forms: Chinese has none, and English sentences avoid them")
