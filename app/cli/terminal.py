"""What the commands share: messages and exit codes, the settings and the database, progress, and where an export goes."""

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import DBAPIError

from app.database.database import Database
from app.database.explain import explain_database, explain_settings, unknown_settings
from app.database.schema_version import DatabaseForeign, DatabaseTooNew
from app.database.urls import DatabaseUrlInvalid
from app.settings import Settings
from app.values.text import Line

DATA_FAULT, COMMAND_FAULT, SURROUNDINGS_FAULT = 1, 2, 3

report = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(message: str, code: int) -> NoReturn:
    report.print(f"company-profiles: {message}", style="bold red", markup=False)
    raise typer.Exit(code)


def current_settings() -> Settings:
    """The settings of the environment; wrong ones end the command with a message that names each, unknown ones are named."""
    try:
        for message in unknown_settings():
            report.print(f"company-profiles: {message}", style="yellow", markup=False)
        settings = Settings()
    except ValidationError as error:
        fail(explain_settings(error), COMMAND_FAULT)
    except (OSError, UnicodeDecodeError) as error:
        fail(f"cannot read the file .env: {error}", COMMAND_FAULT)
    return settings


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """The settings and the database; what goes wrong with them ends the command with a message."""
    settings = current_settings()
    try:
        database = Database(settings)
    except DatabaseUrlInvalid as error:
        fail(str(error), COMMAND_FAULT)
    try:
        yield settings, database
    except DatabaseTooNew as error:
        fail(f"{error}. Install a newer version, or name another database in PROFILES_DATABASE_URL.", SURROUNDINGS_FAULT)
    except DatabaseForeign as error:
        fail(f"{error}. Name another database in PROFILES_DATABASE_URL.", SURROUNDINGS_FAULT)
    except DBAPIError as error:
        fail(explain_database(error, database.url), SURROUNDINGS_FAULT)
    finally:
        database.engine.dispose()


def user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def one_line(option: str, text: str, most: int) -> str:
    """What an option says for the revision log, where it is a line of text of at most so many characters."""
    try:
        line = TypeAdapter(Line).validate_python(text)
    except ValidationError:
        line = ""
    if not 1 <= len(line) <= most:
        fail(f"{option} takes one line of 1 to {most} characters", COMMAND_FAULT)
    return line


@contextmanager
def progress_bar(task: str, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Counts on a terminal; nothing where standard error goes to a file. Yields what to tell each step's count."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=report, transient=True, disable=not (shown and report.is_terminal)) as progress:
        identity = progress.add_task(task, total=None)
        yield lambda count: progress.advance(identity, count)


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears whole or not at all. Raises OSError.

    A device or a pipe is written as it is: it cannot be replaced.
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
