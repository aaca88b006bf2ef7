"""Open the secrets of a call, which were sealed for this service, before anything else looks at its arguments."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from shared_components.bus.client.sealing import place_of
from shared_components.bus.errors import SecretNotOpened
from shared_components.contracts.base import secret_fields
from shared_components.contracts.registry import MethodContract
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.sealed_secrets import NotOpened, Opener, is_sealed


class SealedArguments:
    """The sealed arguments of one service's methods.

    Values that are not sealed are taken as they are: an app over AMQP cannot seal.
    """

    def __init__(self, service: str, methods: Mapping[str, MethodContract], opener: Opener) -> None:
        self._service, self._opener = service, opener
        self._secret = {name: fields for name, each in methods.items() if (fields := secret_fields(each.request))}

    @property
    def methods(self) -> Collection[str]:
        """Those that take a secret."""
        return self._secret.keys()

    def opened(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Raises SecretNotOpened."""
        sealed = [name for name in self._secret.get(method, ()) if is_sealed(arguments.get(name))]
        if not sealed:
            return arguments
        found = dict(arguments)
        for name in sealed:
            try:
                found[name] = self._opener.open(arguments[name], place_of(self._service, method, name))
            except NotOpened:
                raise SecretNotOpened(Bilingual(
                    f"'{name}' was sealed for another service or method, or by a key that this service does not have",
                    f"“{name}”不是为本服务和方法封装的，或封装所用的密钥本服务没有")) from None
        return found
