"""Database URLs, as people and libpq write them. No message holds a password."""

import random
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.database.dialects import POSTGRESQL, SQLITE

DATABASE_URL, READ_URL = "PROFILES_DATABASE_URL", "PROFILES_READ_URL"


class DatabaseUrlInvalid(ValueError):
    """The setting ``database_url`` or ``read_url`` cannot be used; the message says why, without a password."""


def parse_database_url(text: str) -> URL:
    """Read a database URL. The path of a file is made absolute. ``postgresql://`` means the psycopg driver.

    Of several hosts, the one that accepts writes is used.
    """
    url = _parse(text, DATABASE_URL, "sqlite:///file.db or postgresql://user:password@host/name")
    backend = url.get_backend_name()
    if backend == POSTGRESQL:
        several = len(hosts_of(url)) > 1 and "target_session_attrs" not in url.query
        return url.update_query_dict({"target_session_attrs": "read-write"}) if several else url
    if backend == SQLITE and (url.drivername != SQLITE or url.query):
        raise DatabaseUrlInvalid(f"{DATABASE_URL} names an SQLite driver or options; write just sqlite:///file.db")
    if backend != SQLITE:
        raise DatabaseUrlInvalid(f"{DATABASE_URL} names the engine {backend!r}; this program runs on sqlite and postgresql")
    if not url.database or url.database == ":memory:":
        raise DatabaseUrlInvalid(f"{DATABASE_URL} names no file; several connections share it, so it cannot be in memory")
    return url.set(database=str(Path(url.database).absolute()))


def parse_read_url(secret: SecretStr | None, primary: URL) -> list[URL]:
    """The URL of each replica, in the order in which reads try them; none without the setting.

    With ``load_balance_hosts=random`` each process has another order, so that together they use all replicas.
    """
    text = secret.get_secret_value() if secret is not None else ""
    if not text:
        return []
    url = _parse(text, READ_URL, "postgresql://user:password@/name?host=first:5432,second:5432")
    for setting, backend in ((READ_URL, url.get_backend_name()), (DATABASE_URL, primary.get_backend_name())):
        if backend != POSTGRESQL:
            raise DatabaseUrlInvalid(f"{READ_URL} is for the standbys of PostgreSQL, and {setting} names the engine {backend!r}")
    hosts = hosts_of(url)
    if url.query.get("load_balance_hosts") == "random":
        random.shuffle(hosts)
    plain = url.difference_update_query(("host", "port", "load_balance_hosts"))
    return [plain.set(host=host or None, port=int(port) if port else None) for host, port in hosts]


def _parse(text: str, setting: str, example: str) -> URL:
    """A URL with several hosts in the query, separate from their ports, as SQLAlchemy expects them."""
    try:
        url = make_url(_hosts_in_query(text))
        if url.get_backend_name() not in (POSTGRESQL, "postgres"):
            return url
        hosts = hosts_of(url)
    except (ArgumentError, ValueError):
        raise DatabaseUrlInvalid(f"{setting} is no database URL; write {example}") from None
    url = url.set(drivername="postgresql+psycopg")
    if len(hosts) < 2:
        return url
    lists = {name: ",".join(values) for name, values in zip(("host", "port"), zip(*hosts, strict=True), strict=True)}
    return url.set(host=None, port=None).update_query_dict(lists)


def _hosts_in_query(text: str) -> str:
    """``postgresql://user@a:5432,b:5433/name`` is libpq's syntax; SQLAlchemy accepts several hosts in the query only."""
    parts = urlsplit(text)
    user, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return text
    query = f"host={hosts}&{parts.query}".removesuffix("&")
    return parts._replace(netloc=f"{user}{at}", query=query).geturl()


def hosts_of(url: URL) -> list[tuple[str, str]]:
    """The hosts of a PostgreSQL URL with their ports; either may be empty. Raises ValueError if their numbers don't match."""
    hosts = url.query.get("host") or url.host or ""
    ports = url.query.get("port") or str(url.port or "")
    return _pairs(*(given if isinstance(given, str) else ",".join(given) for given in (hosts, ports)))


def _pairs(hosts: str, ports: str) -> list[tuple[str, str]]:
    """libpq's lists: ``a:1,b:2``, or ``a,b`` with ports ``1,2`` or one port for all."""
    named, numbers = hosts.split(","), ports.split(",")
    if len(numbers) == 1:
        numbers *= len(named)
    found = []
    for host, number in zip(named, numbers, strict=True):
        bare, colon, own = host.rpartition(":")
        has_port = colon and (":" not in bare or bare.endswith("]"))  # an IPv6 address alone has colons too
        name, port = (bare, own) if has_port else (host, number)
        if port and not port.isdigit():
            raise ValueError(port)
        found.append((name.strip("[]"), port))
    return found
