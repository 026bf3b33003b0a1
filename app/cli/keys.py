"""``company-profiles keys create | list | revoke``."""

import datetime
import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from app.auth.key import KeyRecord, Scope, every_scope
from app.auth.queries import KeyUnknown, NameTaken, create_key, list_keys, revoke_key
from app.cli.terminal import COMMAND_FAULT, existing, fail, one_line, report
from app.database.explain import public_name
from app.values.dates import now

LONGEST_NAME = 100
_WIDE = 1000

keys = typer.Typer(no_args_is_help=True, help="Create, list and revoke API keys, which clients send as Authorization: Bearer.")


@keys.command("create")
def create_command(
    name: Annotated[
        str,
        typer.Argument(help="Name of the owner, as the history shows it. Never used twice."),
    ],
    scopes: Annotated[
        list[Scope], typer.Option("--scope", help="Permission: write includes read, admin includes both. Repeatable.")
    ],
    expires_in_days: Annotated[int | None, typer.Option(min=1, max=36_500, help="Days until it expires. Default: never.")] = None,
    expires: Annotated[
        datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day on which it expires, at 00:00 UTC.")
    ] = None,
) -> None:
    """Create a key and print it to standard output. It is shown only once: the database stores a digest of it."""
    name = one_line("NAME", name, LONGEST_NAME)
    time = now().replace(microsecond=0)
    expires_at = expiry(time, expires_in_days, expires)
    with existing() as (_, database):
        try:
            with database.writing() as connection:
                key = create_key(connection, name=name, scopes=scopes, expires_at=expires_at, now=time)
        except NameTaken:
            fail(
                f"a key named {name!r} exists, or existed and was revoked; a name is never used twice, "
                "because the history shows it as the author of changes. Choose another name",
                COMMAND_FAULT,
            )
    end = f"It expires at {shown_time(expires_at)} UTC." if expires_at else "It does not expire."
    report(f"Created the key {name!r} in {public_name(database.url)} with the scopes {', '.join(every_scope(scopes))}. {end}")
    report("The key is shown only once, because the database stores just a digest of it:")
    typer.echo(key.text)


def expiry(time: datetime.datetime, in_days: int | None, on_day: datetime.datetime | None) -> datetime.datetime | None:
    """When a key expires, by one of the two options."""
    if in_days is not None and on_day is not None:
        fail("give --expires or --expires-in-days, not both", COMMAND_FAULT)
    if in_days is not None:
        return time + datetime.timedelta(days=in_days)
    if on_day is None:
        return None
    expires_at = on_day.replace(tzinfo=datetime.UTC)
    if expires_at <= time:
        fail(f"--expires {on_day:%Y-%m-%d} is not in the future", COMMAND_FAULT)
    return expires_at


@keys.command("list")
def list_command(*, as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array, for programs.")] = False) -> None:
    """List every key with its scopes, state, and times of creation, expiry and last use (to the minute)."""
    with existing() as (_, database), database.reading() as connection:
        found = list_keys(connection)
    time = now()
    if as_json:
        typer.echo(json.dumps([described(key, time) for key in found], indent=2, ensure_ascii=False))
    elif found:
        Console(width=None if sys.stdout.isatty() else _WIDE).print(table(found, time))
    else:
        report(f"There are no keys in {public_name(database.url)} yet, so nobody can write over HTTP.")


def described(key: KeyRecord, time: datetime.datetime) -> dict[str, str | list[str] | None]:
    moments = {
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }
    written = {name: f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None for name, moment in moments.items()}
    return {"name": key.name, "id": key.id, "scopes": list(key.scopes), **written, "state": key.state(time)}


def table(found: Sequence[KeyRecord], time: datetime.datetime) -> Table:
    name, identity = Column("Name", overflow="fold"), Column("Id", no_wrap=True, min_width=16)
    times = ("Created (UTC)", "Expires", "Last used")
    shown = Table(name, identity, "Scopes", *times, "State", box=None, pad_edge=False)
    for key in found:
        moments = (shown_time(moment) for moment in (key.created_at, key.expires_at, key.last_used_at))
        cells = (key.name, key.id, " ".join(key.scopes), *moments, key.state(time))
        shown.add_row(*(Text(cell) for cell in cells))
    return shown


def shown_time(moment: datetime.datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


@keys.command("revoke")
def revoke_command(name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """Revoke a key for good. The next request with it is refused."""
    name = one_line("NAME", name, LONGEST_NAME)
    with existing() as (_, database):
        try:
            with database.writing() as connection:
                revoked = revoke_key(connection, name, now().replace(microsecond=0))
        except KeyUnknown as error:
            fail(f"{error}" + (f"; did you mean {error.nearest!r}?" if error.nearest else ""), COMMAND_FAULT)
    report(f"Revoked the key {name!r}." if revoked else f"The key {name!r} was already revoked.")
