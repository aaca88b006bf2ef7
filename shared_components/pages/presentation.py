"""How a reader wants a page: the language, and larger text."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from shared_components.kernel.languages import LANGUAGES, LOCALES, Language, preferred_language


@dataclass(frozen=True, slots=True)
class Presentation:
    """language_chosen: the reader chose the language on a page, so that links keep the choice.

    elder: elder mode (长辈模式), with large text and large buttons.
    """

    language: Language = "zh"
    language_chosen: bool = False
    elder: bool = False

    @property
    def locale(self) -> str:
        return LOCALES[self.language]

    @property
    def other_language(self) -> Presentation:
        return Presentation("en" if self.language == "zh" else "zh", True, self.elder)

    @property
    def other_size(self) -> Presentation:
        return Presentation(self.language, self.language_chosen, not self.elder)

    def link(self, path: str) -> str:
        """The address of a page of this server, with the reader's choices. path: may have a query and a fragment."""
        address, mark, fragment = path.partition("#")
        query = urlencode(dict(self._choices()))
        joint = "" if not query else "&" if "?" in address else "?"
        return f"{address}{joint}{query}{mark}{fragment}"

    def _choices(self) -> Iterator[tuple[str, str]]:
        if self.language_chosen:
            yield "lang", self.language
        if self.elder:
            yield "elder", "1"


def presentation_of(query: Mapping[str, str], accept_language: str | None) -> Presentation:
    """`?lang=` wins over Accept-Language; `?elder=1` asks for elder mode. Other values are ignored."""
    asked = query.get("lang", "").lower()[:2]
    chosen = next((language for language in LANGUAGES if language == asked), None)
    return Presentation(
        chosen or preferred_language(accept_language), chosen is not None, query.get("elder") == "1")
