"""Parameters of a request: a query or a form of `application/x-www-form-urlencoded`.

Source: RFC 6749 section 3.1 and appendix B; unknown parameters are ignored, repeated ones refused.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from services.identity.openid.domain.oauth_errors import INVALID_REQUEST, OAuthRefused

MOST_PARAMETERS = 64
LONGEST_TEXT = 16_384
"""Characters of a whole query or form."""


class Parameters(Mapping[str, str]):
    """Names → values. One without a value is treated as left out, as RFC 6749 section 3.1 has it.

    repeated: names that came more than once; the first value counts until the request is refused for it.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, str] = {}
        self.repeated: frozenset[str] = frozenset()
        seen: set[str] = set()
        for name, value in pairs:
            if name in seen:
                self.repeated |= {name}
            seen.add(name)
            if value and name not in self._values:
                self._values[name] = value

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def once(self) -> Parameters:
        """The parameters themselves. Raises OAuthRefused when one of them came more than once."""
        if self.repeated:
            named = ", ".join(sorted(name for name in self.repeated if _is_shown(name))) or "a parameter"
            raise OAuthRefused(INVALID_REQUEST, f"{named} came more than once; once is allowed")
        return self

    def required(self, name: str) -> str:
        """Raises OAuthRefused."""
        value = self.get(name)
        if value is None:
            raise OAuthRefused(INVALID_REQUEST, f"{name} is missing")
        return value


def parameters_of(text: str) -> Parameters:
    """Read a query or a form. Raises OAuthRefused for what cannot be read without a doubt."""
    if len(text) > LONGEST_TEXT:
        raise OAuthRefused(INVALID_REQUEST, f"the request is longer than {LONGEST_TEXT} characters")
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), encoding="utf-8", errors="strict",
            max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise OAuthRefused(
            INVALID_REQUEST,
            f"the request cannot be read; up to {MOST_PARAMETERS} parameters, encoded as a form in UTF-8, are allowed",
        ) from None
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise OAuthRefused(INVALID_REQUEST, "a parameter has a zero byte")
    return Parameters(pairs)


def _is_shown(name: str) -> bool:
    """Whether a name from outside may stand in our answer."""
    return 0 < len(name) <= 40 and name.isascii() and name.replace("_", "").replace("-", "").isalnum()
