"""Keys by which the login signs tokens, as the directory's feed states them."""
from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from joserfc.jwk import ECKey

from shared_components.security.tokens import TrustedKey


def login_key(said: Mapping[str, Any]) -> TrustedKey:
    """said: `jwk`, `issuer`, and `realm`, which is the audience of the tokens."""
    return TrustedKey(_read(orjson.dumps(said["jwk"])), said["issuer"], said["realm"])


@lru_cache(maxsize=256)
def _read(jwk: bytes) -> ECKey:
    return ECKey.import_key(orjson.loads(jwk))
