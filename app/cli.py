"""The command line: ``company-profiles serve | migrate | load | export | verify | undo | keys | health | check``.

Exit codes: 0 done; 1 the data is at fault (a dataset, a citation); 2 the command is at fault (an option, a setting);
3 the surroundings are (the database, the port, the disk).
"""

import os
from pathlib import Path
from typing import Annotated

import httpx
import typer

from app import __version__
from app.checks.command import check_command
from app.curation.cli import undo_command
from app.dataset_commands import export_command, load_command, summary
from app.datasets.verifier import VerificationImpossible, verify
from app.faults import public_name
from app.keys.cli import keys
from app.monitoring.exporter import ExporterPortTaken, exported
from app.schema import ConfirmationMissing, VersionUnknown, migrate
from app.server import PortTaken, address, end_on_signals, listen, run
from app.sources.passages import read_text
from app.start import Preparation, prepare
from app.terminal import (
    COMMAND_FAULT,
    DATA_FAULT,
    SURROUNDINGS_FAULT,
    current_settings,
    fail,
    opened,
    report,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Company facts with their sources, as a JSON API.",
)
app.add_typer(keys, name="keys")
app.command("load")(load_command)
app.command("export")(export_command)
app.command("undo")(undo_command)
app.command("check")(check_command)


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
            tell_preparation(prepare(database, with_seed=settings.seed), public_name(database.url))
            database.engine.dispose()
            try:
                with exported(settings):
                    run(settings, listener, announce=tell_address)
            except ExporterPortTaken as error:
                fail(str(error), SURROUNDINGS_FAULT)


def tell_preparation(preparation: Preparation, name: str) -> None:
    if preparation.schema_before is None:
        report.print(f"Created the database {name}", markup=False)
    elif preparation.schema_before != preparation.schema_after:
        report.print(f"Migrated {name} from schema {preparation.schema_before} to {preparation.schema_after}", markup=False)
    else:
        report.print(f"Using the database {name}", markup=False)
    if preparation.seeded is not None:
        report.print(f"Loaded the seed: {summary(preparation.seeded)}", markup=False)


def tell_address(url: str) -> None:
    report.print(f"\n  Front page  {url}/\n  Docs        {url}/docs\n  Companies   {url}/v1/companies\n", markup=False)


@app.command("migrate")
def migrate_command(
    version: Annotated[str, typer.Argument(help="Schema version to go to: head, base, or a version's number.")] = "head",
    confirm: Annotated[
        bool, typer.Option("--yes", help="Confirm going down, which drops what the older schema has no room for.")
    ] = False,
) -> None:
    """Bring the database's schema to a version, the newest unless named. Loads no data."""
    with opened() as (_, database):
        try:
            before, after = migrate(database, version, may_drop=confirm)
        except VersionUnknown as error:
            fail(str(error), COMMAND_FAULT)
        except ConfirmationMissing as error:
            fail(f"{error}; add --yes to confirm", COMMAND_FAULT)
        report.print(f"Schema {before or 'none'} → {after or 'none'}", markup=False)


@app.command("verify")
def verify_command(
    text: Annotated[Path, typer.Option("--text", help="Your copy of the source, as plain text in UTF-8.")],
    source: Annotated[str | None, typer.Argument(help="Slug of the source. [default: the one that the text is of]")] = None,
) -> None:
    """Prove every citation of a source against a copy of its text: characters, sentence numbers and digests."""
    try:
        content = read_text(text)
    except ValueError as error:
        fail(f"cannot read {error}", COMMAND_FAULT)
    with opened() as (settings, database):
        prepare(database, with_seed=settings.seed)
        try:
            with database.reading() as connection:
                result = verify(connection, content, source)
        except VerificationImpossible as error:
            fail(str(error), COMMAND_FAULT)
        typer.echo(str(result))
        if not result.ok:
            fail(f"{text} does not prove every citation", DATA_FAULT)


@app.command("health")
def health_command() -> None:
    """Ask the server that these settings describe whether it can answer. For container health checks."""
    settings = current_settings()
    url = address(settings.host, settings.port)
    try:
        answer = httpx.get(f"{url}/health/ready", timeout=5, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fail(f"no answer from {url}: {error}", SURROUNDINGS_FAULT)
    typer.echo(answer.text)
    if answer.is_error:
        raise typer.Exit(SURROUNDINGS_FAULT)
