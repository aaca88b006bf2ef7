"""Functions on days, for expressions. A day is text as YYYY-MM-DD, so that days compare as text."""
from __future__ import annotations

from datetime import date

from cel_expr_python import cel

from shared_components.kernel.dates import days_later, years_later

_DAY, _WHOLE = cel.Type.STRING, cel.Type.INT
NAMES = ("days_after", "years_after", "years_between", "days_between")


def days_after(day: str, days: int) -> str:
    """The day so many days later; negative: earlier. The calendar's last day where it ends before."""
    return days_later(date.fromisoformat(day), days).isoformat()


def years_after(day: str, years: int) -> str:
    """The same day so many years later; 29 February becomes 1 March or 28 February as `years_later` says."""
    return (years_later(date.fromisoformat(day), years) or date.max).isoformat()


def years_between(first: str, last: str) -> int:
    """Full years (周岁) from one day to another."""
    one, other = date.fromisoformat(first), date.fromisoformat(last)
    return other.year - one.year - ((other.month, other.day) < (one.month, one.day))


def days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


FUNCTIONS = [
    cel.FunctionDecl("days_after", [cel.Overload("days_after", _DAY, [_DAY, _WHOLE], impl=days_after)]),
    cel.FunctionDecl("years_after", [cel.Overload("years_after", _DAY, [_DAY, _WHOLE], impl=years_after)]),
    cel.FunctionDecl("years_between", [cel.Overload("years_between", _WHOLE, [_DAY, _DAY], impl=years_between)]),
    cel.FunctionDecl("days_between", [cel.Overload("days_between", _WHOLE, [_DAY, _DAY], impl=days_between)]),
]
"""Each with its types, as CEL checks them."""
