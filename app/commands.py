"""The commands by name. Each is imported when it is named, so that a server holds the libraries of no other command."""

from pkgutil import resolve_name
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup
from typer.main import get_group

if TYPE_CHECKING:
    from typer._click import Command, Context

_PLACES = {
    "migrate": "app.migrate_command:migrate_command",
    "load": "app.dataset_commands:load_command",
    "export": "app.dataset_commands:export_command",
    "verify": "app.dataset_commands:verify_command",
    "undo": "app.curation.cli:undo_command",
    "backup": "app.backup.cli:backup_command",
    "restore": "app.backup.cli:restore_command",
    "check": "app.checks.command:check_command",
    "keys": "app.keys.cli:keys",
    "health": "app.health.cli:health_command",
}
"""Where a command is, or a group of them, beside those that app/cli.py has itself."""


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
