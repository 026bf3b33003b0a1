"""The command line: ``company-profiles serve | migrate | load | export | verify | health``.

Exit codes: 0 done; 1 the data is at fault (a dataset, a citation); 2 the command is at fault (an option, a setting);
3 the surroundings are (the database, the port, the disk).
"""

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn, TextIO

import httpx
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.datasets.exporter import export_ndjson, export_yaml
from app.datasets.loader import LoadReport, load
from app.datasets.reader import read_dataset
from app.datasets.records import DatasetInvalid
from app.datasets.verifier import VerificationImpossible, verify
from app.db import Database, DatabaseUrlInvalid
from app.faults import explain_database, explain_settings
from app.schema import DatabaseTooNew, migrate
from app.server import PortTaken, run
from app.settings import Settings
from app.sources.passages import read_text
from app.start import Preparation, prepare

DATA_FAULT, COMMAND_FAULT, SURROUNDINGS_FAULT = 1, 2, 3

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Company facts with their sources, as a JSON API.",
)
report = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """The entry of the ``company-profiles`` command."""
    app()


def fail(message: str, code: int) -> NoReturn:
    report.print(f"company-profiles: {message}", style="bold red", markup=False)
    raise typer.Exit(code)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[tuple[Settings, Database]]:
    """The settings and the database; what goes wrong with them ends the command with a message."""
    try:
        settings = settings or Settings()
        database = Database(settings)
    except ValidationError as error:
        fail(explain_settings(error), COMMAND_FAULT)
    except DatabaseUrlInvalid as error:
        fail(str(error), COMMAND_FAULT)
    try:
        yield settings, database
    except DatabaseTooNew as error:
        fail(f"{error}. Install a newer version, or name another database in PROFILES_DATABASE_URL.", SURROUNDINGS_FAULT)
    except DBAPIError as error:
        fail(explain_database(error, database.url), SURROUNDINGS_FAULT)
    finally:
        database.engine.dispose()


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
    """Serve the API. A new database is created, migrated and seeded first; an existing one is migrated and otherwise left as it is."""
    chosen = {"host": host, "port": port, "workers": workers}
    for name, value in chosen.items():
        if value is not None:
            os.environ[f"PROFILES_{name.upper()}"] = str(value)
    with opened() as (settings, database):
        tell_preparation(prepare(database, with_seed=settings.seed), database)
        database.engine.dispose()
        try:
            run(settings, announce=tell_address)
        except PortTaken as error:
            fail(str(error), SURROUNDINGS_FAULT)


def tell_preparation(preparation: Preparation, database: Database) -> None:
    name = database.url.render_as_string(hide_password=True)
    if preparation.schema_before is None:
        report.print(f"Created the database {name}", markup=False)
    elif preparation.schema_before != preparation.schema_after:
        report.print(f"Migrated {name} from schema {preparation.schema_before} to {preparation.schema_after}", markup=False)
    else:
        report.print(f"Using the database {name}", markup=False)
    if preparation.seeded is not None:
        report.print(f"Loaded the seed: {summary(preparation.seeded)}", markup=False)


def tell_address(address: str) -> None:
    report.print(
        f"\n  Front page  {address}/\n  Docs        {address}/docs\n  Companies   {address}/v1/companies\n", markup=False
    )


def summary(loaded: LoadReport) -> str:
    parts = [f"{counter.total():,} {word}" for word, counter in
             (("created", loaded.created), ("updated", loaded.updated), ("unchanged", loaded.unchanged))]  # fmt: skip
    return f"{', '.join(parts)}; newest revision {loaded.newest:,}"


@app.command("migrate")
def migrate_command(
    version: Annotated[str, typer.Argument(help="Schema version to go to: head, base, or a version's number.")] = "head",
    confirm: Annotated[
        bool, typer.Option("--yes", help="Confirm going down, which drops what the older schema has no room for.")
    ] = False,
) -> None:
    """Bring the database's schema to a version, the newest unless named. Loads no data."""
    with opened() as (_, database):
        if version != "head" and not confirm:
            fail("going to another version than the newest may drop data; add --yes to confirm", COMMAND_FAULT)
        before, after = migrate(database, version)
        report.print(f"Schema {before or 'none'} → {after or 'none'}", markup=False)


@app.command("load")
def load_command(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Datasets: .yaml, .yml, .ndjson or .jsonl; - reads NDJSON from standard input."),
    ],
    actor: Annotated[str | None, typer.Option(help="Who makes the change. [default: your user name]")] = None,
    reason: Annotated[str, typer.Option(help="Why, for the revision log.")] = "Loaded with the command line",
) -> None:
    """Load datasets: what is new is added, what differs is changed, the rest is left. All of it is loaded, or nothing."""
    with opened() as (_, database):
        migrate(database)
        try:
            with progress_bar("Loading") as advance, database.writing() as connection:
                loaded = load(
                    connection, read_dataset(files), actor=(actor or user_name())[:100], reason=reason[:300], progress=advance
                )
        except DatasetInvalid as error:
            report.print(str(error), markup=False)
            fail("nothing was loaded", DATA_FAULT)
        report.print(f"Loaded: {summary(loaded)}", markup=False)


def user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@contextmanager
def progress_bar(task: str) -> Iterator[Callable[[int], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=report, transient=True) as progress:
        identity = progress.add_task(task, total=None)
        yield lambda count: progress.advance(identity, count)


@app.command("export")
def export_command(
    output: Annotated[Path | None, typer.Option(help="File to write. [default: standard output]")] = None,
    format: Annotated[str, typer.Option(help="yaml for people, ndjson for machines.")] = "yaml",
) -> None:
    """Write everything as one dataset, which loads to the same content."""
    writers = {"yaml": export_yaml, "ndjson": export_ndjson}
    if format not in writers:
        fail(f"--format takes yaml or ndjson, not {format!r}", COMMAND_FAULT)
    with opened() as (settings, database):
        prepare(database, with_seed=settings.seed)
        try:
            with database.reading() as connection, open_output(output) as file, progress_bar("Exporting") as advance:
                for text in writers[format](connection):
                    file.write(text)
                    advance(1)
        except OSError as error:
            fail(f"cannot write {output or 'standard output'}: {error.strerror}", SURROUNDINGS_FAULT)


@contextmanager
def open_output(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears whole or not at all."""
    if path is None:
        yield sys.stdout
        return
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@app.command("verify")
def verify_command(
    text: Annotated[Path, typer.Option("--text", help="Your copy of the source, as plain text in UTF-8.")],
    source: Annotated[str | None, typer.Argument(help="Slug of the source. [default: the one that the text is of]")] = None,
) -> None:
    """Prove every citation of a source against a copy of its text: characters, sentence numbers and digests."""
    try:
        content = read_text(text)
    except (OSError, ValueError) as error:
        fail(f"cannot read {text}: {getattr(error, 'strerror', None) or error}", COMMAND_FAULT)
    with opened() as (settings, database):
        prepare(database, with_seed=settings.seed)
        try:
            with database.reading() as connection:
                result = verify(connection, content, source)
        except VerificationImpossible as error:
            fail(str(error), DATA_FAULT)
        typer.echo(str(result))
        if not result.ok:
            fail(f"{text} does not prove every citation", DATA_FAULT)


@app.command("health")
def health_command() -> None:
    """Ask the server that these settings describe whether it can answer. For container health checks."""
    with opened() as (settings, _):
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
        try:
            answer = httpx.get(f"http://{host}:{settings.port}/health/ready", timeout=5)
        except httpx.HTTPError as error:
            fail(f"no answer: {error}", SURROUNDINGS_FAULT)
        typer.echo(answer.text)
        if answer.is_error:
            raise typer.Exit(SURROUNDINGS_FAULT)
