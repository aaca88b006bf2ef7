"""Which commands need a process of greenlets: those that run services."""
from __future__ import annotations

from collections.abc import Sequence

GREEN_COMMANDS = ("run", "serve", "demo")
_OPTIONS_WITH_VALUE = ("--config", "-c", "--workers", "-w")


def patch_for(arguments: Sequence[str]) -> None:
    """Patch the standard library when the command runs services; called before anything else is imported.

    The gateway is an ASGI server and needs greenlets on an asyncio loop.
    """
    command, *services = [*_positional(arguments), ""]
    if command not in GREEN_COMMANDS:
        return
    from shared_components.bus.green.patching import patch

    named = [name for name in services if name]
    if command == "serve" and named == ["gateway"]:
        return  # plain asyncio: nothing in that process is green
    patch(asyncio_hub=command == "demo" or not named or "gateway" in named)


def _positional(arguments: Sequence[str]) -> list[str]:
    found, skip = [], False
    for argument in arguments:
        if skip:
            skip = False
        elif argument.startswith("-"):
            skip = argument in _OPTIONS_WITH_VALUE
        else:
            found.append(argument)
    return found
