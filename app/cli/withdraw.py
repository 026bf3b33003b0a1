"""``company-profiles withdraw``."""

from dataclasses import replace
from typing import Annotated

import typer
from sqlalchemy import select

from app.cli.terminal import COMMAND_FAULT, Actor, Server, author, existing, fail, one_line, report
from app.database.models import Source
from app.datasets.loader import load
from app.records.located import FilePlace
from app.records.rewriting import located_again


def withdraw_command(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Slug of the source.")],
    actor: Actor = None,
    reason: Annotated[str, typer.Option(help="Reason, for the revision log.")] = "The publisher withdrew the text",
    server: Server = None,
) -> None:
    """Remove the text of a source and every quote of it, from the history too. Only loading the text again brings it back."""
    actor, reason = author(actor, server), one_line("--reason", reason, 300)
    newest = _withdraw(source, actor, reason) if server is None else _withdraw_there(server, source, reason)
    report(f"Withdrawn: no text of {source} is left, and no quote of it; newest revision {newest:,}. Backups still have them")


def _withdraw(slug: str, actor: str, reason: str) -> int:
    """Withdraws it in the database. Returns the newest revision."""
    with existing() as (_, database), database.writing() as connection:
        document = connection.scalar(select(Source.document).where(Source.slug == slug))
        if document is None:
            fail(f"there is no source {slug[:100]!r}; if it was deleted, undo that first", COMMAND_FAULT)
        stored = located_again("source", document, FilePlace(slug, 0))
        withdrawn = replace(stored, record=stored.record.model_copy(update={"withdrawn": True}))
        return load(connection, [withdrawn], actor=actor, reason=reason).newest


def _withdraw_there(server: str, slug: str, reason: str) -> int:
    """Withdraws it on a server."""
    from app.cli.remote import connected  # noqa: PLC0415 - imports an HTTP client, which other commands don't need

    with connected(server) as client:
        return client.sources.change(slug, {"withdrawn": True}, reason=reason, if_match="*").revision
