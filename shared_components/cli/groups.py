"""A group of commands that names its own when it is asked for another."""
from __future__ import annotations

import difflib

import click


class HelpfulGroup(click.Group):
    def resolve_command(
        self, ctx: click.Context, args: list[str],
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"commands are: {', '.join(known)}"
            raise click.UsageError(f"no command '{args[0]}'; {hint}", ctx)
        return super().resolve_command(ctx, args)
