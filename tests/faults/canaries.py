"""A person who does not exist: wherever their data turns up, it was let out."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_number(first_17: str) -> str:
    """With the check character of GB 11643."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return first_17 + "10X98765432"[total % 11]


PERSON = {
    "name": "欧阳金丝雀", "id_number": resident_number("11010119880808771"), "mobile": "13877665544",
    "email": "jin.si.que.7f3a@citizen.example",
}  # fmt: skip
SECRET = "canary-7f3a-金丝雀的住址"
SIGNATURE = "Y2FuYXJ5LXNpZ25hdHVyZS03ZjNh"
TOKEN = f"eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiJzdWJfY2FuYXJ5In0.{SIGNATURE}"
"""Has the form of an access token or a ticket; no key has signed it."""
CANARIES: Mapping[str, str] = {**PERSON, "text": SECRET, "token": SIGNATURE}


def found_in(text: str) -> Counter[str]:
    """Which of them are in a text, plainly or as JSON writes them."""
    found: Counter[str] = Counter()
    for name, value in CANARIES.items():
        for form in {value, json.dumps(value)[1:-1]}:
            found[name] += text.count(form)
    return +found


def classified(schema: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of a request's properties that its contract calls personal or sensitive."""
    for name, inner in schema.get("properties", {}).items():
        if "x-data-class" in inner:
            yield (*path, name)
        else:
            yield from classified(inner, (*path, name))


def with_canaries(body: Mapping[str, Any], paths: list[tuple[str, ...]], kind: int) -> dict[str, Any]:
    """The same with canaries at these places; kind: 0 as they should be, else in some wrong form."""
    changed: dict[str, Any] = json.loads(json.dumps(body))
    for path in paths:
        target = changed
        for name in path[:-1]:
            target = target.setdefault(name, {})
            if not isinstance(target, dict):
                break
        else:
            value = CANARIES.get(path[-1], SECRET)
            forms: list[Any] = [
                value, value * 200, [value], {"inner": value}, value + "\0", f"{value}\n{SECRET}", [[value]] * 3,
            ]  # fmt: skip
            target[path[-1]] = forms[kind % len(forms)]
    return changed
