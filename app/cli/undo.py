"""``company-profiles undo``."""

import re
from typing import Annotated, NamedTuple

import typer

from app.api.editing.undo import UndoImpossible, undo
from app.cli.terminal import COMMAND_FAULT, DATA_FAULT, Actor, Server, author, existing, fail, one_line, print_changes, report
from app.datasets.preview import ResourceChange, changes_after
from app.revisions.log import RevisionLog

_RANGE = re.compile(r"([0-9]{1,15})(?:-([0-9]{1,15}))?")


def undo_command(
    revisions: Annotated[str, typer.Argument(metavar="REVISION", help="Revision number, or FIRST-LAST for several.")],
    actor: Actor = None,
    reason: Annotated[str | None, typer.Option(help="Reason for the change. Default: Undo of revision N.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change, without changing it.")] = False,
    server: Server = None,
) -> None:
    """Undo revisions by recording new ones. Undoes all of them, the newest first, or none."""
    match = _RANGE.fullmatch(revisions)
    if match is None:
        fail(f"expected a revision number, or FIRST-LAST, not {revisions[:100]!r}", COMMAND_FAULT)
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last or first < 1:
        fail(f"expected revision numbers from 1, the smaller first, not {revisions!r}", COMMAND_FAULT)
    options = _Options(author(actor, server), one_line("--reason", reason or f"Undo of revision {revisions}", 300), dry_run)
    changed, newest = _undo(first, last, options) if server is None else _undo_there(server, first, last, options)
    done, changes = ("Would undo", "would change") if dry_run else ("Undone", "changed")
    report(f"{done}: {changed:,} of {last - first + 1:,} {changes} something; newest revision {newest:,}")


class _Options(NamedTuple):
    """How to undo: who, why, and whether to keep the result."""

    actor: str
    reason: str
    dry_run: bool


def _undo(first: int, last: int, options: _Options) -> tuple[int, int]:
    """Undoes in the database. Returns how many revisions changed something, and the newest revision."""
    with existing() as (_, database):
        with database.trying() if options.dry_run else database.writing() as connection:
            try:
                with RevisionLog(connection, actor=options.actor, reason=options.reason) as log:
                    undone = undo(connection, log, first, last)
            except UndoImpossible as impossible:
                fail(f"nothing was undone: {impossible}", DATA_FAULT)
            if options.dry_run:
                print_changes(changes_after(connection, log.before))
        return sum(1 for change in undone if change.revision), log.newest


def _undo_there(server: str, first: int, last: int, options: _Options) -> tuple[int, int]:
    """The same on a server."""
    from app.cli.remote import undo_on  # noqa: PLC0415 - imports an HTTP client, which other commands don't need

    undone = undo_on(server, first, last, reason=options.reason, dry_run=options.dry_run)
    if options.dry_run:
        changes = (ResourceChange.model_validate(change.model_dump()) for change in undone.changes)
        print_changes(changes, unlisted=undone.changed - len(undone.changes))
    return undone.changed, undone.newest
