"""What the commands share: messages and exit codes, settings and database, progress, and the file an export goes to."""

import getpass
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NoReturn

import typer
from pydantic import TypeAdapter, ValidationError
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource
from sqlalchemy.exc import DBAPIError

from app.database.database import Database
from app.database.dialects import SQLITE
from app.database.explain import explain_database, public_name
from app.database.schema_version import DatabaseForeign, DatabaseTooNew, current_version, foreign_tables
from app.database.sessions import PreparedStatementsMixed
from app.database.urls import DatabaseUrlInvalid
from app.database.write_ahead_log import lost_commits
from app.settings import Settings
from app.values.printable import printable
from app.values.text import NEW_TEXT, Line, nearest

if TYPE_CHECKING:
    from app.datasets.preview import ResourceChange

Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Work on this server, with the API key in PROFILES_KEY. Default: on the database."),
]
Actor = Annotated[str | None, typer.Option(show_default="your user name", help="Author of the change.")]
DATA_FAULT, COMMAND_FAULT, ENVIRONMENT_FAULT = 1, 2, 3
_PREFIX = "PROFILES_"
_MOST_WARNINGS, _MOST_PASSAGES = 20, 1_000
_CREATE_ONE = "serve, load and migrate create one; PROFILES_DATABASE_URL names another"


def report(message: str, *, color: str | None = None) -> None:
    """Prints a message to standard error, which results never go to."""
    typer.secho(message, err=True, fg=color, bold=color == "red", color=False if "NO_COLOR" in os.environ else None)


def fail(message: str, code: int) -> NoReturn:
    report(f"company-profiles: {message}", color="red")
    raise SystemExit(code)


def current_settings() -> Settings:
    """The settings of the environment. An invalid one ends the command; an unknown one gets a warning."""
    try:
        for message in _unknown_settings():
            report(f"company-profiles: {message}", color="yellow")
        return Settings()
    except ValidationError as error:
        fail(_invalid_settings(error), COMMAND_FAULT)
    except (OSError, UnicodeDecodeError) as error:
        fail(f"cannot read the file .env: {error}", COMMAND_FAULT)


def _invalid_settings(error: ValidationError) -> str:
    """Each invalid setting, and what was expected. Values are not shown: they may be secrets."""
    lines = [f"{_PREFIX}{str(entry['loc'][0]).upper()}: {entry['msg']}" for entry in error.errors(include_input=False)]
    return "\n".join(lines)


def _unknown_settings() -> Iterator[str]:
    """A message for each variable of the environment and of ``.env`` that looks like a setting but is not one.

    This is not an error: the environment of a container may hold such variables for other reasons.
    """
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = {*EnvSettingsSource(Settings).env_vars, *DotEnvSettingsSource(Settings).env_vars}
    for name in sorted({name.upper() for name in given if name.upper().startswith(_PREFIX)} - known):
        near = nearest(name, known)
        yield f"there is no setting {name}" + (f"; did you mean {near}?" if near else "")


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[tuple[Settings, Database]]:
    """The settings, by default from the environment, and the database. An error in either ends the command with a message.

    A process that is given settings was started by one that has looked at the database file.
    """
    is_first = settings is None
    settings = settings or current_settings()
    try:
        database = Database(settings)
    except DatabaseUrlInvalid as error:
        fail(str(error), COMMAND_FAULT)
    if is_first and (loss := lost_commits(database.url)):
        report(f"company-profiles: {loss}", color="red")
    try:
        yield settings, database
    except DatabaseTooNew as error:
        fail(f"{error}. Install a newer version, or name another database in PROFILES_DATABASE_URL.", ENVIRONMENT_FAULT)
    except DatabaseForeign as error:
        fail(f"{error}. Name another database in PROFILES_DATABASE_URL.", ENVIRONMENT_FAULT)
    except PreparedStatementsMixed as error:
        fail(str(error), ENVIRONMENT_FAULT)
    except DBAPIError as error:
        fail(explain_database(error, database.url), ENVIRONMENT_FAULT)
    finally:
        database.engine.dispose()


@contextmanager
def existing() -> Iterator[tuple[Settings, Database]]:
    """As ``opened``, for a command that needs an existing database, which it migrates to the newest schema."""
    from app.operations.migrate import migrate  # noqa: PLC0415 - a server must not load what this needs

    with opened() as (settings, database):
        require_database(database)
        migrate(database)
        yield settings, database


def require_database(database: Database) -> None:
    """Ends the command if there is no database, or one without anything in it."""
    name = public_name(database.url)
    if database.url.get_backend_name() == SQLITE:
        require_file(Path(name))
    with database.reading() as connection:
        if current_version(connection) is None and not foreign_tables(connection):
            fail(f"the database {name} is empty. {_CREATE_ONE}", ENVIRONMENT_FAULT)


def require_file(file: Path) -> None:
    """Ends the command if a database file is missing. What else is wrong with it, opening it will tell."""
    with suppress(OSError):
        if not file.exists():
            fail(f"there is no database file {file}. {_CREATE_ONE}", ENVIRONMENT_FAULT)


def author(actor: str | None, server: str | None) -> str:
    """The author of a change: who is named, or who runs the command. A server takes the name of the key."""
    if server is not None and actor is not None:
        fail("--actor cannot be given with --server: the author is the name of the API key", COMMAND_FAULT)
    return one_line("--actor", user_name() if actor is None else actor, 100)


def user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def one_line(option: str, text: str, most: int) -> str:
    """The text of an option for the revision log: one line of at most so many characters."""
    try:
        line = TypeAdapter(Line).validate_python(text, context=NEW_TEXT)
    except ValidationError:
        line = ""
    if not 1 <= len(line) <= most:
        fail(f"{option} takes one line of 1 to {most} characters", COMMAND_FAULT)
    return line


def print_changes(changes: Iterable["ResourceChange"], *, unlisted: int = 0) -> None:
    """Prints what a dry run would change, with the first passages, and how many changes a server did not list."""
    passages = 0
    for change in changes:
        shown = change.passages[: max(_MOST_PASSAGES - passages, 0)]
        passages += len(change.passages)
        for line in (*str(change).splitlines(), *(f"    {passage}" for passage in shown)):
            typer.echo(printable(line))
    if passages > _MOST_PASSAGES:
        report(f"… and {passages - _MOST_PASSAGES:,} more passages")
    if unlisted > 0:
        report(f"… and {unlisted:,} more changes")


def report_warnings(warnings: Sequence[object]) -> None:
    """Reports what is valid but looks like a mistake."""
    for warning in warnings[:_MOST_WARNINGS]:
        report(f"Warning: {printable(str(warning))}")
    if len(warnings) > _MOST_WARNINGS:
        report(f"Warning: {len(warnings) - _MOST_WARNINGS:,} more")


@contextmanager
def progress_bar(task: str, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """A counter on standard error, if that is a terminal. Yields a function that adds to the count."""
    if not (shown and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - few commands show progress, and a server never does
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        identity = progress.add_task(task, total=None)
        yield lambda count: progress.advance(identity, count)


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears complete or not at all. Raises OSError.

    A device or a pipe is written to directly, because it cannot be replaced.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
