"""The command line: ``company-profiles serve`` here, the other commands where app/cli/lazy_commands.py says.

Exit codes: 0 done; 1 the data is at fault (a dataset, a citation); 2 the command is at fault (an option, a setting);
3 the surroundings are (the database, the port, the disk).
"""

import os
from functools import partial
from typing import Annotated

import typer

from app import __version__
from app.cli.lazy_commands import CommandsWhenNamed
from app.cli.terminal import SURROUNDINGS_FAULT, fail, opened, report
from app.operations.monitoring.exporter import ExporterPortTaken, exported
from app.server.process import PortTaken, end_on_signals, listen, load_application, run
from app.server.setup_process import prepare_apart

app = typer.Typer(
    cls=CommandsWhenNamed,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Company facts with their sources, as a JSON API.",
)


def main() -> None:
    """The entry of the ``company-profiles`` command."""
    app()


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Company facts with their sources, as a JSON API. Settings are environment variables that start with PROFILES_."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: PROFILES_HOST or 127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one. [default: PROFILES_PORT or 8000]")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Server processes. [default: PROFILES_WORKERS or 1]")
    ] = None,
) -> None:
    """Serve the API. A new database is created, migrated and seeded first; an existing one is migrated and else left as it is."""
    chosen = {"host": host, "port": port, "workers": workers}
    for name, value in chosen.items():
        if value is not None:
            os.environ[f"PROFILES_{name.upper()}"] = str(value)
    end_on_signals()
    with opened() as (settings, database):
        try:
            listener = listen(settings.host, settings.port)
        except PortTaken as error:
            fail(str(error), SURROUNDINGS_FAULT)
        with listener:
            for line in prepare_apart(settings, database, meanwhile=partial(load_application, settings)):
                report.print(line, markup=False)
            database.engine.dispose()
            try:
                with exported(settings):
                    run(settings, listener, announce=tell_address)
            except ExporterPortTaken as error:
                fail(str(error), SURROUNDINGS_FAULT)


def tell_address(url: str) -> None:
    report.print(f"\n  Front page  {url}/\n  Docs        {url}/docs\n  Companies   {url}/v1/companies\n", markup=False)
