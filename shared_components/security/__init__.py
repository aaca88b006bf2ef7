"""Keys, field encryption, blind index, signed requests, tokens."""
from __future__ import annotations

from typing import TYPE_CHECKING

from shared_components.kernel.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from shared_components.security.errors import KeyConfigurationError, Undecryptable
    from shared_components.security.secrets import Secrets

__all__ = ["KeyConfigurationError", "Secrets", "Undecryptable"]

# Late: who checks a signed request needs no cryptography, as an app with nothing but the client.
__getattr__ = lazy_exports(__name__, {
    "KeyConfigurationError": "errors", "Secrets": "secrets", "Undecryptable": "errors"})
