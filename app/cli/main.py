"""The command line: every command by name. Each has a module of its own, which is imported only when the command runs.

Exit codes: 0 success; 1 the data is at fault (a dataset, a citation, a backup); 2 the command is at fault (an option,
a setting); 3 the environment is at fault (the database, the port, the disk).
"""

import gc
import sys
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from app import __version__

if TYPE_CHECKING:
    from typer._click import Command, Context

COMMANDS = {
    "serve": ("app.cli.serve:serve_command", "Serve the API. A new database is created, migrated and seeded first."),
    "migrate": ("app.cli.migrate:migrate_command", "Migrate the database schema to the newest version, or to a given one."),
    "load": ("app.cli.datasets:load_command", "Load datasets: add what is new, change what differs, keep the rest."),
    "export": ("app.cli.datasets:export_command", "Write the whole database as one dataset."),
    "verify": ("app.cli.verify:verify_command", "Verify every citation of a source against a copy of its text."),
    "withdraw": ("app.cli.withdraw:withdraw_command", "Remove the text of a source and every quote of it, history included."),
    "undo": ("app.cli.undo:undo_command", "Undo revisions by recording new ones."),
    "backup": ("app.cli.backup:backup_command", "Back up an SQLite database while it serves, and verify the copy."),
    "restore": ("app.cli.backup:restore_command", "Verify a backup and restore it to an SQLite database while it serves."),
    "check": ("app.cli.check:check_command", "Check the settings, the database, its data and the disk. Changes nothing."),
    "keys": ("app.cli.keys:keys", "Create, list and revoke API keys."),
    "health": ("app.cli.health:health_command", "Ask a running server whether it is ready. For container health checks."),
}
"""Where each command is, and the line that describes it in the list of commands."""


class LazyCommands(TyperGroup):
    """Imports a command when it runs, so that neither ``--help`` nor a server loads the libraries of the other commands."""

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        if args[0] in COMMANDS:
            self.add_command(import_command(args[0]))
        return super().resolve_command(ctx, args)


def import_command(name: str) -> "Command":
    gc.disable()  # imports leave little garbage, and searching for it takes a sixth of their time
    found = resolve_name(COMMANDS[name][0])
    gc.enable()
    if isinstance(found, typer.Typer):
        command: Command = get_group(found)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command()(found)
        command = get_command(alone)
    command.name = name
    return command


app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Company facts with their sources, as a JSON API.",
)
for _name, (_, _line) in COMMANDS.items():
    app.command(_name, short_help=_line)(lambda: None)  # replaced when it runs


def main() -> None:
    """The entry point of the ``company-profiles`` command."""
    try:
        app()
    except MemoryError:
        sys.stderr.write("company-profiles: not enough memory. Each change is one transaction: nothing is half done\n")
        sys.exit(3)


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Company facts with their sources, as a JSON API. Settings are environment variables that start with PROFILES_."""
