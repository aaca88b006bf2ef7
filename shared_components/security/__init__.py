"""Keys, field encryption, blind index, signed requests, tokens."""
from shared_components.security.errors import KeyConfigurationError, Undecryptable
from shared_components.security.secrets import Secrets

__all__ = ["KeyConfigurationError", "Secrets", "Undecryptable"]
