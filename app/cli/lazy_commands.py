"""The commands by name. Each is imported when it is named, so that a server holds the libraries of no other command."""

from pkgutil import resolve_name
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup
from typer.main import get_group

if TYPE_CHECKING:
    from typer._click import Command, Context

_PLACES = {
    "migrate": "app.cli.migrate:migrate_command",
    "load": "app.cli.datasets:load_command",
    "export": "app.cli.datasets:export_command",
    "verify": "app.cli.datasets:verify_command",
    "undo": "app.cli.undo:undo_command",
    "backup": "app.cli.backup:backup_command",
    "restore": "app.cli.backup:restore_command",
    "check": "app.cli.check:check_command",
    "keys": "app.cli.keys:keys",
    "health": "app.cli.health:health_command",
}
"""Where a command is, or a group of them, beside those that app/cli/main.py has itself."""


class CommandsWhenNamed(TyperGroup):
    """Imports a command to run it or to help with it, and all of them for the list of all or a name that is none."""

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        if cmd_name in _PLACES and cmd_name not in self.commands:
            self.add_command(_imported(cmd_name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: "Context") -> list[str]:
        return [*super().list_commands(ctx), *(name for name in _PLACES if name not in self.commands)]

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        if self.get_command(ctx, args[0]) is None:
            for name in _PLACES:  # Typer proposes the nearest of those that it knows
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def _imported(name: str) -> "Command":
    found = resolve_name(_PLACES[name])
    group = typer.Typer()
    if isinstance(found, typer.Typer):
        group.add_typer(found, name=name)
    else:
        group.command(name)(found)
    return get_group(group).commands[name]
