"""``company-profiles check``: a health report for people or programs."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import orjson
import typer
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app.auth.queries import any_key
from app.cli.terminal import DATA_FAULT, ENVIRONMENT_FAULT, opened
from app.database.database import Database
from app.database.dialects import SQLITE
from app.database.explain import explain_database, public_name
from app.database.models import RevisionHead
from app.database.write_ahead_log import lost_commits
from app.operations.checks.data import check_data
from app.operations.checks.database import (
    check_connections,
    check_disk,
    check_encryption,
    check_engine,
    check_failover,
    check_objects,
    check_schema,
    check_sequences,
    check_standbys,
    check_writable,
)
from app.operations.checks.findings import Finding, Level, data_fault, fault, warning
from app.operations.checks.identifiers import check_identifiers
from app.operations.checks.settings import check_settings
from app.settings import Settings


def check_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object, for programs.")] = False,
) -> None:
    """Check the settings, the database, its schema, data and citations, the standbys and the disk. Changes nothing."""
    with opened() as (settings, database):
        findings = list(find(settings, database))
    code = exit_code(findings)
    if as_json:
        report = {"exit_code": code, "findings": [finding._asdict() for finding in findings]}
        typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        for finding in findings:
            typer.echo(shown(finding))
    raise typer.Exit(code)


def exit_code(findings: Iterable[Finding]) -> int:
    """A fault of the data decides: unlike one of the environment, it does not go away by itself."""
    levels = {finding.level for finding in findings}
    if Level.DATA in levels:
        return DATA_FAULT
    return ENVIRONMENT_FAULT if Level.ENVIRONMENT in levels else 0


def shown(finding: Finding) -> str:
    line = f"{finding.level:<10}  {finding.area:<11}  {finding.message}"
    return f"{line}\n{'':25}{finding.advice}" if finding.advice and finding.level is not Level.OK else line


def find(settings: Settings, database: Database) -> Iterator[Finding]:
    """Every finding, those of the settings first. Most checks need a database that exists."""
    yield from check_settings(settings)
    name = public_name(database.url)
    if database.url.get_backend_name() == SQLITE and not Path(name).exists():
        yield fault(
            "database",
            f"there is no database file {name}",
            "Run company-profiles serve, which creates it, or name another one in PROFILES_DATABASE_URL.",
        )
        return
    if loss := lost_commits(database.url):
        yield data_fault(
            "integrity",
            f"{loss}; nothing else was checked, because that would discard it",
            "Copy the database file and the log before anything opens them. Then restore a backup, or start with what is left.",
        )
        return
    try:
        with database.reading() as connection:
            yield from _find_in(connection, settings, database)
    except DBAPIError as error:
        yield _explained(error, database)


def _explained(error: DBAPIError, database: Database) -> Finding:
    message = explain_database(error, database.url)
    if "damaged" in message:
        return data_fault("integrity", message, "Restore the database from a backup.")
    return fault("database", message, f"Make sure that {public_name(database.url)} is running and accepts connections.")


def _find_in(connection: Connection, settings: Settings, database: Database) -> Iterator[Finding]:
    yield from check_engine(connection)
    schema = check_schema(connection)
    yield schema
    yield from check_disk(connection)
    yield from check_connections(connection, settings)
    yield from check_encryption(connection)
    if schema.level is not Level.OK:
        return
    yield from check_objects(connection)
    yield check_writable(connection)
    yield from check_failover(connection)
    yield from check_data(connection)
    yield from check_identifiers(connection)
    yield from check_sequences(connection)
    newest = connection.scalar(select(RevisionHead.newest)) or 0
    yield from check_standbys(connection, database, newest)
    yield from _check_use(connection, settings, newest)


def _check_use(connection: Connection, settings: Settings, newest: int) -> Iterator[Finding]:
    first = {"seed": settings.seed, "demo": settings.demo}
    if any(first.values()) and not newest:
        names = [name for name, wanted in first.items() if wanted]
        yield warning(
            "settings",
            f"the next start loads the {' and the '.join(names)} into the empty database",
            f"To prevent that, set {' and '.join(f'PROFILES_{name.upper()}=false' for name in names)}.",
        )
    if settings.reads_need_key and not any_key(connection):
        yield warning("settings", "reads need an API key, but there are no keys", "Create one with company-profiles keys create.")
