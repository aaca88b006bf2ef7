"""The file that holds the configuration: which one is meant, whether it is there, and what it says."""
from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_components.kernel.strict_json import control_in

if TYPE_CHECKING:
    from shared_components.configuration.errors import ConfigurationError

MOST_VALUES = 100_000
PATH_VARIABLE = "ZHONGTAI_CONFIG"


def named_file(path: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> str | os.PathLike[str] | None:
    """The path, else the one in $ZHONGTAI_CONFIG, else None for the built-in defaults."""
    return environ.get(PATH_VARIABLE) or None if path is None else path


def check_file(path: str | None) -> None:
    """For commands that may never read it: a file that was named and is not there is a mistake all the same.

    Raises ConfigurationError.
    """
    named = named_file(path, os.environ)
    if named is None:
        return
    if not str(named):
        raise _refused("is named by --config as an empty text; the path of a YAML file is allowed")
    try:
        # Not opened: it may be a pipe, and what is in it is there once.
        if Path(named).stat() and Path(named).is_dir():
            raise IsADirectoryError(21, "Is a directory")
    except OSError as wrong:
        by = "--config" if path is not None else f"${PATH_VARIABLE}"
        raise _refused(
            f"'{named}', which {by} names, cannot be read: {wrong.strerror}; the path of a YAML file is allowed",
        ) from wrong


def read_file(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Its mapping, empty for an empty file. Raises ConfigurationError."""
    import yaml

    try:
        text = Path(path).read_text(encoding="utf-8")
        _check_names(yaml.compose(text, Loader=yaml.SafeLoader), path)
        content = yaml.safe_load(text)
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
    check_text(content, f"configuration file '{path}'")
    return content


def check_text(content: Any, of: str) -> None:
    """Check a text after escapes of YAML, and bytes of the environment. Raises ConfigurationError.

    The value is not repeated: it may be a secret.
    """
    waiting, values = [("", content)], 0
    while waiting:
        path, value = waiting.pop()
        values += 1
        if values > MOST_VALUES:  # a few lines of aliases can expand to gigabytes
            raise _error(f"{of} has too many values; {MOST_VALUES} are allowed, aliases written out")
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for text in (value, *(value if isinstance(value, dict) else ())):
            control = control_in(text) if isinstance(text, str) else None
            if control is not None:
                raise _error(f"{of}: {path or 'its root'} contains {control}; printable text is allowed")
        waiting += [(f"{path}.{key}" if path else str(key), inner) for key, inner in parts]


def _check_names(root: Any, path: object) -> None:
    """Refuse a name that is given twice: YAML's reader would take the last. Raises ConfigurationError."""
    waiting, seen_nodes = [root], set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen_nodes or isinstance(node.value, str):
            continue
        seen_nodes.add(id(node))
        names: set[str] = set()
        for entry in node.value:
            if not isinstance(entry, tuple):
                waiting.append(entry)
                continue
            name, inner = entry
            if isinstance(name.value, str):
                if name.value in names and name.tag != "tag:yaml.org,2002:merge":
                    again = f"twice, again at line {name.start_mark.line + 1}"
                    raise _refused(f"'{path}' has the key '{name.value[:80]}' {again}; once is allowed")
                names.add(name.value)
            waiting.append(inner)


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
    return _error(f"configuration file {said}")


def _error(said: str) -> ConfigurationError:
    # Late, as yaml above: a command that reads no configuration need not wait for the schemas.
    from shared_components.configuration.errors import ConfigurationError

    return ConfigurationError(said)
