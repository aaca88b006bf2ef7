"""Options that commands share: the configuration that the command line chose, and the JSON option."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from shared_components.configuration.loading import load_configuration
from shared_components.runtime.discovery import service_names

Command = TypeVar("Command", bound=Callable[..., Any])


def configuration_of(context: click.Context) -> dict[str, Any]:
    """Loaded anew for each command; a section for a service that does not exist is a mistake."""
    root = context.find_root()
    return load_configuration(root.obj, known_services=service_names())


def json_option(function: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(function)
