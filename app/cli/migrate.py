"""The command that brings the schema to a version."""

from typing import Annotated

import typer

from app.cli.terminal import COMMAND_FAULT, fail, opened, report
from app.operations.migrate import ConfirmationMissing, VersionUnknown, migrate


def migrate_command(
    version: Annotated[str, typer.Argument(help="Schema version to go to: head, base, or a version's number.")] = "head",
    *,
    confirm: Annotated[
        bool, typer.Option("--yes", help="Confirm going down, which drops what the older schema has no room for.")
    ] = False,
) -> None:
    """Bring the database's schema to a version, the newest unless named. Loads no data."""
    with opened() as (_, database):
        try:
            before, after = migrate(database, version, may_drop=confirm)
        except VersionUnknown as error:
            fail(str(error), COMMAND_FAULT)
        except ConfirmationMissing as error:
            fail(f"{error}; add --yes to confirm", COMMAND_FAULT)
        report(f"Schema {before or 'none'} → {after or 'none'}")
