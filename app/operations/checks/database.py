"""Checks of the database itself: schema, damage, free space, connections and standbys."""

import shutil
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app.database.database import Database, connections_of
from app.database.diagnostics import (
    LEAST_FREE_BYTES,
    damage,
    database_bytes,
    database_file,
    engine_version,
    journal_mode,
    may_lack_revisions,
    most_connections,
    sequences,
    started_at,
    unencrypted_server,
    write_obstacle,
)
from app.database.dialects import POSTGRESQL, SQLITE
from app.database.explain import explain_database
from app.database.models import RevisionHead
from app.database.schema_objects import differences, listed
from app.database.schema_version import VERSIONS, current_version, schema_fault
from app.database.servers import Replica, is_replica
from app.operations.checks.findings import Finding, data_fault, fault, ok, warning
from app.records.passages import counted
from app.settings import Settings

_MEGABYTE = 1024 * 1024
_RESTORE = "Restore the database from a backup."


def check_schema(connection: Connection) -> Finding:
    problem = schema_fault(connection)
    version = current_version(connection)
    if problem is None and version not in VERSIONS:
        advice = "It continues to serve. Install the newer version of this program soon."
        return warning("schema", f"version {version}, which this program does not know", advice)
    if problem is None:
        return ok("schema", f"version {version}, the newest that this program knows")
    sentence, _, advice = problem.partition(". ")
    return fault("schema", sentence[0].lower() + sentence[1:], advice or "Run company-profiles migrate.")


def check_objects(connection: Connection) -> Iterator[Finding]:
    """Objects that others made, and those that are missing. ``restore`` refuses the former."""
    foreign, missing = differences(connection)
    acting, others = [item for item in foreign if item.acts], [item for item in foreign if not item.acts]
    if missing:
        yield data_fault("objects", f"the schema lacks {listed(missing)}", _RESTORE)
    if acting:
        message = f"this program did not make {listed(acting)}, which may change or refuse what it writes"
        yield data_fault("objects", message, "Find out who made it. Unless you need it, drop it, and check the data.")
    if others:
        yield warning("objects", f"this program did not make {listed(others)}", "Unless you need it, drop it.")
    if not foreign and not missing:
        yield ok("objects", "the schema has what this program made, and nothing else")


def check_engine(connection: Connection) -> Iterator[Finding]:
    yield ok("database", f"{engine_version(connection)}, {database_bytes(connection) / _MEGABYTE:,.1f} MB")
    if connection.dialect.name == SQLITE and (mode := journal_mode(connection)) != "wal":
        yield warning(
            "database",
            f"the journal mode is {mode}, not wal: readers and writers wait for each other",
            "Run company-profiles migrate, which sets it; some network disks do not allow it.",
        )
    found = damage(connection)
    yield from (data_fault("integrity", message, _RESTORE) for message in found)
    if not found:
        yield ok("integrity", "the engine finds no damage")


def check_writable(connection: Connection) -> Finding:
    obstacle = write_obstacle(connection)
    if obstacle is None:
        return ok("writing", "changes can be written")
    return fault("writing", obstacle[0].lower() + obstacle[1:].rstrip("."), "Nothing can be changed until this is corrected.")


def check_sequences(connection: Connection) -> Iterator[Finding]:
    """Whether each sequence continues after the rows of its table."""
    for table, column, given, highest in sequences(connection):
        name = f"the sequence of {table}.{column}"
        if given < highest:
            yield data_fault(
                "sequences",
                f"{name} has given {given}, but the table has {highest}: adding to it fails, as after logical replication",
                f"Run SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table};",  # noqa: S608 - shown
            )
        else:
            yield ok("sequences", f"{name} has given {given}, and the table has no higher one")


def check_failover(connection: Connection) -> Iterator[Finding]:
    """Whether another PostgreSQL server than the one that wrote the newest revision is the primary now."""
    if may_lack_revisions(connection):
        yield warning(
            "failover",
            "a standby was promoted after the newest revision: later revisions of the former primary may be lost",
            "The next change renames the dataset, and clients read it anew. Look for lost changes and revoked keys.",
        )


def check_connections(connection: Connection, settings: Settings) -> Iterator[Finding]:
    """Whether the server allows as many connections as the workers may open (docs/operate/deployment.md)."""
    if connection.dialect.name != POSTGRESQL:
        return
    wanted, most = connections_of(settings), most_connections(connection)
    message = f"{settings.workers} workers may open {wanted} connections, and the server has {most} for users"
    if wanted > most:
        yield warning(
            "connections",
            message,
            "Lower PROFILES_DATABASE_POOL_SIZE or PROFILES_WORKERS, or raise the server's max_connections.",
        )
    else:
        yield ok("connections", message)


def check_encryption(connection: Connection) -> Iterator[Finding]:
    """Whether what is read and written can be read on the network."""
    if address := unencrypted_server(connection):
        yield warning(
            "connections",
            f"the connection to the PostgreSQL server at {address} is not encrypted",
            "Add sslmode=verify-full and sslrootcert to PROFILES_DATABASE_URL, unless the network is private.",
        )


def check_disk(connection: Connection) -> Iterator[Finding]:
    """Free space, compared with the size of the database. PostgreSQL does not report its free space."""
    if connection.dialect.name != SQLITE:
        return
    size, free = database_bytes(connection), shutil.disk_usage(database_file(connection).parent).free
    message = f"{free / _MEGABYTE:,.0f} MB free beside a database of {size / _MEGABYTE:,.1f} MB"
    if free < LEAST_FREE_BYTES:
        yield fault("disk", message, "Free some space: changes fail once the disk is full.")
    elif free < size:
        yield warning("disk", message, "Free some space: a copy of the database, such as a backup, does not fit.")
    else:
        yield ok("disk", message)


def check_standbys(connection: Connection, database: Database, newest: int) -> Iterator[Finding]:
    """The servers of PROFILES_READ_URL. It may name the primary, which a standby replaces without a change of the setting."""
    if database.replicas:
        primary = started_at(connection)
        yield from (_check_standby(standby, newest, primary) for standby in database.replicas)


def _check_standby(standby: Replica, newest: int, primary: datetime) -> Finding:
    name = f"{standby.url.host}:{standby.url.port or 5432}"
    try:
        with standby.engine.connect() as connection:
            follows, started = is_replica(connection), started_at(connection)
            revision = connection.execute(select(RevisionHead.newest)).scalar_one()
    except DBAPIError as error:
        if "not in hot standby mode" in str(error.orig):
            return ok("standby", f"{name} accepts writes, so reads skip it, as target_session_attrs asks")
        return warning("standby", explain_database(error, standby.url), "Until it is back, other servers serve the reads.")
    finally:
        standby.engine.dispose()
    if not follows and started == primary:
        return ok("standby", f"{name} is the primary")
    if not follows:
        return warning(
            "standby", f"{name} does not replicate another server", "Remove it from PROFILES_READ_URL, or set it up as a standby."
        )
    if revision < newest:
        return warning(
            "standby",
            f"{name} is {counted(newest - revision, 'revision')} behind",
            "If it does not catch up, look at pg_stat_replication on the primary.",
        )
    return ok("standby", f"{name} has revision {revision}, the newest")
