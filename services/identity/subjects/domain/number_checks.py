"""Check rules of document numbers, by the names that the configuration uses."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from stdnum.iso7064 import mod_11_2

NO_CHECK, MOD_11_2, MRZ_731 = "none", "mod-11-2", "mrz-731"
_WEIGHTS = (7, 3, 1)


def _fits_mod_11_2(number: str) -> bool:
    """ISO 7064 MOD 11-2 over digits: resident identity cards, and permanent residence cards of 2023 (`9` + 17)."""
    return number[:-1].isdecimal() and bool(mod_11_2.is_valid(number))


def _fits_mrz_731(number: str) -> bool:
    """Weights 7, 3, 1 modulo 10 of machine-readable documents (ICAO 9303).

    Permanent residence cards before 2023 (three letters, twelve digits) are said to have it: nobody could check this
    against real cards, so a configuration decides.
    """
    if not (number.isascii() and number.isalnum()):
        return False
    values = [int(character, 36) for character in number[:-1]]
    weighted = sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values))
    return number[-1] == str(weighted % 10)


CHECKS: Mapping[str, Callable[[str], bool]] = {
    NO_CHECK: lambda number: True, MOD_11_2: _fits_mod_11_2, MRZ_731: _fits_mrz_731,
}
