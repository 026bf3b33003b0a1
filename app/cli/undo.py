"""``company-profiles undo``."""

import re
from typing import Annotated

import typer

from app.api.editing.undo import UndoImpossible, undo
from app.cli.terminal import COMMAND_FAULT, DATA_FAULT, existing, fail, one_line, report, user_name
from app.revisions.log import RevisionLog

_RANGE = re.compile(r"([0-9]{1,15})(?:-([0-9]{1,15}))?")


def undo_command(
    revisions: Annotated[str, typer.Argument(metavar="REVISION", help="Revision number, or FIRST-LAST for several.")],
    actor: Annotated[
        str,
        typer.Option(default_factory=user_name, show_default="your user name", help="Author of the change."),
    ],
    reason: Annotated[str | None, typer.Option(help="Reason for the change. Default: Undo of revision N.")] = None,
) -> None:
    """Undo revisions by recording new ones. Undoes all of them, the newest first, or none."""
    match = _RANGE.fullmatch(revisions)
    if match is None:
        fail(f"expected a revision number, or FIRST-LAST, not {revisions[:100]!r}", COMMAND_FAULT)
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last or first < 1:
        fail(f"expected revision numbers from 1, the smaller first, not {revisions!r}", COMMAND_FAULT)
    actor = one_line("--actor", actor, 100)
    why = one_line("--reason", reason or f"Undo of revision {revisions}", 300)
    with existing() as (_, database):
        try:
            with database.writing() as connection, RevisionLog(connection, actor=actor, reason=why) as log:
                undone = undo(connection, log, first, last)
        except UndoImpossible as impossible:
            fail(f"nothing was undone: {impossible}", DATA_FAULT)
        changed = sum(1 for change in undone if change.revision)
        report(f"Undone: {changed:,} of {len(undone):,} changed something; newest revision {log.newest:,}")
