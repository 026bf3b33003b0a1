"""``company-profiles verify``."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import COMMAND_FAULT, DATA_FAULT, existing, fail, one_line, report, user_name
from app.datasets.verifier import UnknownSource, record_checks, verify
from app.records.passages import read_text


def verify_command(
    text: Annotated[Path, typer.Option("--text", help="Your copy of the source, as plain UTF-8 text.")],
    actor: Annotated[
        str, typer.Option(default_factory=user_name, show_default="your user name", help="Author of the record, with --record.")
    ],
    source: Annotated[str | None, typer.Argument(help="Slug of the source. Default: the source with this text.")] = None,
    record: Annotated[bool, typer.Option("--record", help="Store that the citations were checked, not the text.")] = False,
) -> None:
    """Verify every citation of a source against a copy of its text: characters, sentence numbers and digests."""
    try:
        content = read_text(text)
    except ValueError as error:
        fail(f"cannot read {error}", COMMAND_FAULT)
    with existing() as (_, database):
        try:
            with database.reading() as connection:
                result = verify(connection, content, source)
        except UnknownSource as error:
            fail(str(error), COMMAND_FAULT)
        typer.echo(str(result))
        if not result.ok:
            fail(f"{text} does not verify every citation", DATA_FAULT)
        if record:
            with database.writing() as connection:
                recorded = record_checks(connection, content, result.source, actor=one_line("--actor", actor, 100))
            report(f"Recorded: {recorded:,} companies and facts have checked citations now")
