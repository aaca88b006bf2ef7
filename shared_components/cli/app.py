"""The command line: a group of commands, each loaded from its own module when it is asked for.

A service brings commands of its own in `services.<name>.commands`; they are found by name, as services are.
"""
from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from shared_components.cli.arguments import is_text
from shared_components.cli.errors import OK, WrongUse, report
from shared_components.cli.groups import HelpfulGroup
from shared_components.cli.standard_output import ClosedOutput, as_output_error, check_output
from shared_components.configuration.file import check_file
from shared_components.runtime.discovery import service_command, service_commands

# name → (module, what it does); the module has a click command `command`.
COMMANDS = {
    "demo": ("demo", "Carry one government matter from its first step to its last."),
    "run": ("run", "Run services until Ctrl-C."),
    "serve": ("serve", "Serve the named services in this one process (what `run` starts)."),
    "edge": ("edge", "Let apps reach the broker, within limits."),
    "migrate": ("migrate", "Bring the databases to their newest version."),
    "call": ("call", "Call a method over the bus."),
    "status": ("status", "Show services, queues, outboxes and dead letters."),
    "scale": ("scale", "Have more or fewer processes of a service, while everything runs."),
    "autoscale": ("autoscale", "Scale services by their load."),
    "degrade": ("degrade", "Switch deferrable methods off for a while, in a peak."),
    "rehearse": ("rehearse", "Rehearse a peak with bounded, synthetic load."),
    "contracts": ("contracts", "Export, check and compare what services promise."),
    "clients": ("clients", "Write typed clients from the contracts."),
    "stub": ("stub", "Answer an app's tests from the contracts, without services."),
    "graph": ("graph", "Print a service's state machines as Mermaid diagrams."),
    "outbox": ("outbox", "Look at events that wait to be published."),
    "evidence": ("evidence", "Verify records of who did or saw what; heads, proofs."),
    "dlq": ("dlq", "Look at dead letters, send them again, discard them."),
    "backup": ("backup", "Back the database of all services up."),
    "restore": ("restore", "Restore a backup, or check that it can be restored."),
    "keys": ("keys", "Make and check master keys."),
    "sandbox": ("sandbox", "A platform to practise with: serve, play, persons, tokens, signatures."),
    "new-service": ("new_service", "Write a new service, complete with tests."),
}
# name → (service, the group of its own commands that it stands for, what it does).
SHORTCUTS = {"directory": ("identity", "directory", "Departments, officers and apps of a realm.")}


HELP_OPTIONS = ("-h", "--help")
ASKS_FOR_HELP = "zhongtai.asks_for_help"


class LazyGroup(HelpfulGroup):
    def resolve_command(
        self, ctx: click.Context, args: list[str],
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # What follows `--` is never an option.
        options = args[: args.index("--")] if "--" in args else args
        ctx.meta[ASKS_FOR_HELP] = any(option in options for option in HELP_OPTIONS)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *SHORTCUTS, *service_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command: click.Command
        if cmd_name in SHORTCUTS:
            service, group, _ = SHORTCUTS[cmd_name]
            command = service_command(service).commands[group]
            return command
        if cmd_name not in COMMANDS:
            if cmd_name not in service_commands():
                return None
            command = service_command(cmd_name)
            return command
        command = import_module(f"shared_components.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Without loading them all."""
        with formatter.section("Commands"):
            formatter.write_dl([
                *((name, text) for name, (_, text) in COMMANDS.items()),
                *((name, text) for name, (_, _, text) in SHORTCUTS.items())])
        with formatter.section("Commands of services"):
            formatter.write_dl([(name, f"What only {name} can do.") for name in service_commands()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": list(HELP_OPTIONS)})
@click.option("-c", "--config", "path", metavar="FILE", help="Configuration; else $ZHONGTAI_CONFIG, else defaults.")
@click.version_option(package_name="zhongtai")
@click.pass_context
def zhongtai(context: click.Context, path: str | None) -> None:
    """A business middle-platform: components on a message bus.

    Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 130 interrupted.
    """
    if not context.meta[ASKS_FOR_HELP]:
        check_file(path)
    context.obj = path


def run_command(arguments: Sequence[str]) -> int:
    """Run one command line; whatever happens ends in one line and an exit code."""
    try:
        check_output()
        _refuse_empty(arguments)
        result: Any = zhongtai.main(list(arguments), prog_name="zhongtai", standalone_mode=False)
        sys.stdout.flush()  # here, where it can still be said that the disk is full
    except BrokenPipeError:
        # The reader (head, less) has left; nothing is wrong with us, and nobody reads what we would say.
        _close_output()
        return OK
    except click.exceptions.NoArgsIsHelpError as asked:
        print(asked.format_message())
        return 2
    except UnicodeEncodeError as error:
        # A byte of an argument that is no text came as far as a database, a file or a message, which take text alone.
        odd = next((each for each in arguments if not is_text(each)), None)
        told = error if odd is None else WrongUse(f"argument is {odd[:80]!a}; text in UTF-8 is allowed")
        return report(told, as_json=_wants_json(arguments))
    except OSError as error:
        unwritable = as_output_error(error)
        if unwritable is not None:
            _close_output()
        return report(unwritable or error, as_json=_wants_json(arguments))
    except (Exception, KeyboardInterrupt) as error:
        return report(error, as_json=_wants_json(arguments))
    return result if isinstance(result, int) else OK


def _refuse_empty(arguments: Sequence[str]) -> None:
    """An empty value is a mistake, such as a shell variable that is not set, and never means the default."""
    for before, argument in zip(("", *arguments), arguments, strict=False):
        name = before if argument == "" else argument.removesuffix("=")
        if argument == "" or (argument.startswith("-") and argument.endswith("=")):
            of = f"option {name[:80]}" if name.startswith("-") else "an argument"
            raise WrongUse(f"{of} is empty; a value is allowed")


def _wants_json(arguments: Sequence[str]) -> bool:
    # The --json of `call` is its request.
    return "--json-errors" in arguments or ("--json" in arguments and "call" not in arguments)


def _close_output() -> None:
    """Discard the buffered output, so that the interpreter does not fail on it when it ends."""
    import os

    if not isinstance(sys.stdout, ClosedOutput):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
