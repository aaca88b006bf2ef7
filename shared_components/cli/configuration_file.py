"""The file that holds the configuration: which one is meant, whether it is there, and what it says."""
from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared_components.cli.configuration_errors import ConfigurationError

PATH_VARIABLE = "ZHONGTAI_CONFIG"


def named_file(path: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> str | os.PathLike[str] | None:
    """The path, else the one in $ZHONGTAI_CONFIG, else None for the built-in defaults."""
    return path or environ.get(PATH_VARIABLE) or None


def check_file(path: str | None) -> None:
    """For commands that may never read it: a file that was named and is not there is a mistake all the same.

    Raises ConfigurationError.
    """
    named = named_file(path, os.environ)
    if named is None:
        return
    try:
        # Not opened: it may be a pipe, and what is in it is there once.
        if Path(named).stat() and Path(named).is_dir():
            raise IsADirectoryError(21, "Is a directory")
    except OSError as wrong:
        by = "--config" if path else f"${PATH_VARIABLE}"
        raise _refused(
            f"'{named}', which {by} names, cannot be read: {wrong.strerror}; the path of a YAML file is allowed",
        ) from wrong


def read_file(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Its mapping, empty for an empty file. Raises ConfigurationError."""
    import yaml

    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as wrong:
        raise _refused(f"'{path}' cannot be read: {wrong.strerror}; the path of a YAML file is allowed") from wrong
    except UnicodeDecodeError as wrong:
        raise _refused(f"'{path}' is not UTF-8 text") from wrong
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        # The parser's own message may quote the line, and the line may hold a secret.
        raise _refused(f"'{path}' is not YAML{where}") from wrong
    except RecursionError as wrong:
        raise _refused(f"'{path}' is nested too deeply") from wrong
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise _refused(f"'{path}' holds a {type(content).__name__}; a mapping is allowed")
    _check_finite(content, path)
    return content


def _check_finite(content: Any, path: object) -> None:
    """YAML's aliases can put a value into itself. Raises ConfigurationError."""
    above: set[int] = set()
    done: set[int] = set()

    def look(value: Any) -> None:
        if not isinstance(value, dict | list) or id(value) in done:
            return
        if id(value) in above:
            raise _refused(f"'{path}' has an alias (*name) inside of what it stands for")
        above.add(id(value))
        for inner in value.values() if isinstance(value, dict) else value:
            look(inner)
        above.discard(id(value))
        done.add(id(value))

    look(content)


def _refused(said: str) -> ConfigurationError:
    # Late, as yaml above: a command that reads no configuration need not wait for the schemas.
    from shared_components.cli.configuration_errors import ConfigurationError

    return ConfigurationError(f"configuration file {said}")
