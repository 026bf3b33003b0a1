"""``company-profiles migrate``."""

from typing import Annotated

import typer

from app.cli.terminal import COMMAND_FAULT, fail, opened, report
from app.database.explain import public_name
from app.operations.migrate import ConfirmationMissing, VersionUnknown, migrate


def migrate_command(
    version: Annotated[str, typer.Argument(help="Schema version: head (newest), base (no schema), or a number.")] = "head",
    *,
    confirm: Annotated[
        bool, typer.Option("--yes", help="Confirm a downgrade, which drops the data that the older schema cannot hold.")
    ] = False,
) -> None:
    """Migrate the database schema to the newest version, or to the given one. Loads no data."""
    with opened() as (_, database):
        try:
            before, after = migrate(database, version, may_drop=confirm)
        except VersionUnknown as error:
            fail(str(error), COMMAND_FAULT)
        except ConfirmationMissing as error:
            fail(f"{error}; add --yes to confirm", COMMAND_FAULT)
        report(f"Schema of {public_name(database.url)}: {before or 'none'} → {after or 'none'}")
