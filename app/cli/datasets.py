"""``company-profiles load`` and ``export``."""

import gc
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, NamedTuple

import typer

from app.cli.terminal import (
    COMMAND_FAULT,
    DATA_FAULT,
    ENVIRONMENT_FAULT,
    Actor,
    Server,
    author,
    existing,
    fail,
    one_line,
    open_output,
    opened,
    print_changes,
    progress_bar,
    report,
    report_warnings,
)
from app.database.explain import public_name
from app.datasets.exporter import EXPORTERS
from app.datasets.loader import in_words, load_staged, staged
from app.datasets.open_data.left_out import LeftOut, listing
from app.datasets.open_data.registry import OPEN_DATA, WITH_NATURAL_PERSONS, read_open_data
from app.datasets.preview import ResourceChange, changes_after
from app.datasets.pruning import PruneScope
from app.datasets.reader import FORMATS, Format, read_dataset
from app.operations.migrate import migrate
from app.records.located import DatasetFinding, DatasetInvalid, LocatedRecord
from app.records.passages import digest, read_text
from app.records.shared_identifiers import SharedIdentifier
from app.revisions.log import RevisionLog
from app.values.printable import printable

_Copies = Annotated[
    list[Path] | None,
    typer.Option(help="Your copy of a source's text, to check citations against. It is not stored. Repeatable."),
]
_ReportFile = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Write each value that is left out of open data to this file, as NDJSON."),
]
_MOST_KEPT = 20
"""How many of the records that cite an earlier text, and of shared identifiers, are printed."""


def load_command(  # noqa: PLR0913, PLR0917 - an option is a parameter
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Datasets: .yaml, .yml, .json, .ndjson or .jsonl. - reads standard input."),
    ],
    actor: Actor = None,
    reason: Annotated[str, typer.Option(help="Reason for the change, for the revision log.")] = "Loaded with the command line",
    format: Annotated[
        str | None,
        typer.Option(help=f"{', '.join(FORMATS)}, or open data: {', '.join(OPEN_DATA)}. Default: by the file extension."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change, without changing it.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete every record that the files do not contain.")] = False,
    prune_company: Annotated[str | None, typer.Option(metavar="SLUG", help="Delete only facts of this company.")] = None,
    prune_source: Annotated[str | None, typer.Option(metavar="SLUG", help="Delete only facts that cite this source.")] = None,
    text: _Copies = None,
    natural_persons: Annotated[bool, typer.Option("--natural-persons", help="Load sole proprietors of gleif-lei too.")] = False,
    report_file: _ReportFile = None,
    server: Server = None,
) -> None:
    """Load datasets in one transaction: add new records, change those that differ, keep the rest. An error loads nothing."""
    _collect_seldom()
    scope = PruneScope(prune_company, prune_source) if prune or prune_company or prune_source else None
    actor, reason = author(actor, server), one_line("--reason", reason, 300)
    if server is not None and text:
        fail("--text cannot be given with --server", COMMAND_FAULT)
    options = _Options(actor, reason, dry_run, scope, _copies(text or []))
    try:
        with _report_to(report_file) as file, listing(file) as left_out:
            records = _records(files, format, left_out, natural_persons=natural_persons)
            loaded = _load(records, options) if server is None else _load_there(server, records, options)
    except DatasetInvalid as error:
        report(str(error))
        fail("nothing was loaded", DATA_FAULT)
    for line in left_out.lines():
        report(line)
    _report_left(loaded.left)
    _report_shared(loaded.shared)
    report_warnings(loaded.warnings)
    report(f"{'Would load' if dry_run else 'Loaded'}: {loaded.done}")


class _Options(NamedTuple):
    """How to load: who, why, whether to keep the result, what to delete, and texts to check citations against."""

    actor: str
    reason: str
    dry_run: bool
    prune: PruneScope | None
    copies: dict[str, str]


class _Loaded(NamedTuple):
    """What was done, in words, what cites an earlier text, the identifiers of several companies, and what looks wrong."""

    done: str
    left: list[str]
    shared: list[SharedIdentifier]
    warnings: list[DatasetFinding]


def _load(records: Iterator[LocatedRecord], options: _Options) -> _Loaded:
    """Loads into the database."""
    with opened() as (_, database):
        if migrate(database)[0] is None:
            report(f"Created the database {public_name(database.url)}")
        with (
            staged(records) as (staging, findings),
            progress_bar("Loading") as advance,
            database.trying() if options.dry_run else database.writing() as connection,
        ):
            log = RevisionLog(connection, actor=options.actor, reason=options.reason)
            loaded = load_staged(connection, log, staging, findings, prune=options.prune, copies=options.copies, progress=advance)
            if options.dry_run:
                print_changes(changes_after(connection, loaded.before, options.copies))
            return _Loaded(str(loaded), loaded.left, loaded.shared, sorted(loaded.warnings))


def _load_there(server: str, records: Iterator[LocatedRecord], options: _Options) -> _Loaded:
    """The same on a server."""
    from app.cli.remote import load_on  # noqa: PLC0415 - imports an HTTP client, which other commands don't need

    loaded, warnings = load_on(server, records, dry_run=options.dry_run, prune=options.prune, reason=options.reason)
    if options.dry_run:
        changes = (ResourceChange.model_validate(change.model_dump()) for change in loaded.changes)
        print_changes(changes, unlisted=loaded.created + loaded.updated + loaded.deleted - len(loaded.changes))
    done = in_words(loaded.created, loaded.updated, loaded.deleted, loaded.unchanged, loaded.newest)
    shared = [SharedIdentifier.model_validate(one.model_dump()) for one in loaded.shared_identifiers]
    return _Loaded(done, loaded.left, shared, warnings)


def _collect_seldom() -> None:
    """Records form no reference cycles, and searching them for cycles would take a fifth of the time of a load."""
    gc.set_threshold(20_000, 20, 20)


def _records(files: list[str], format: str | None, left_out: LeftOut, *, natural_persons: bool) -> Iterator[LocatedRecord]:
    """The records of the files. An unknown format ends the command."""
    if natural_persons and format not in WITH_NATURAL_PERSONS:
        fail(f"--natural-persons needs --format {' or '.join(WITH_NATURAL_PERSONS)}", COMMAND_FAULT)
    if format is not None and format in OPEN_DATA:
        return read_open_data(files, format, left_out, natural_persons=natural_persons)
    known: Format | None = next((name for name in FORMATS if name == format), None)
    if known is None and format is not None:
        fail(f"--format takes {', '.join((*FORMATS, *OPEN_DATA))}, not {format[:100]!r}", COMMAND_FAULT)
    return read_dataset(files, format=known)


def _copies(paths: list[Path]) -> dict[str, str]:
    """The texts of files, by their SHA-256. A file that cannot be read ends the command."""
    try:
        return {digest(text): text for text in map(read_text, paths)}
    except ValueError as error:
        fail(f"cannot read {error}", COMMAND_FAULT)


@contextmanager
def _report_to(path: Path | None) -> Iterator[BinaryIO | None]:
    """The file for a report, which appears if the load succeeds; None without a path."""
    if path is None:
        yield None
        return
    try:
        with open_output(path) as file:
            yield file
    except BrokenPipeError:
        raise  # as in an export
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", ENVIRONMENT_FAULT)


def _report_left(urls: list[str]) -> None:
    """Reports the records that a source's new text no longer supports."""
    for url in urls[:_MOST_KEPT]:
        report(f"Kept: {url} is not in the new text of its source; it cites the earlier text. --prune deletes it")
    if len(urls) > _MOST_KEPT:
        report(f"Kept: {len(urls) - _MOST_KEPT:,} more records that cite an earlier text")


def _report_shared(shared: list[SharedIdentifier]) -> None:
    """Warns of companies that may be one."""
    for one in shared[:_MOST_KEPT]:
        report(f"Warning: {printable(str(one))}; merge them if they are one company")
    if len(shared) > _MOST_KEPT:
        report("Warning: more identifiers belong to several companies; company-profiles check and /v1/stats list them")


def export_command(
    output: Annotated[Path | None, typer.Option(help="File to write. Default: standard output.")] = None,
    format: Annotated[str, typer.Option(help="yaml for people, or ndjson for machines.")] = "yaml",
    server: Server = None,
) -> None:
    """Write the whole database as one dataset. Loading it gives the same content."""
    _collect_seldom()
    if format not in EXPORTERS:
        fail(f"--format takes yaml or ndjson, not {format!r}", COMMAND_FAULT)
    counted = progress_bar("Exporting", shown=output is not None or not sys.stdout.isatty())
    with _exported(format) if server is None else _exported_there(server, format) as parts:
        try:
            with open_output(output) as file, counted as advance:
                for part in parts:
                    file.write(part)
                    advance(1)
        except BrokenPipeError:
            raise  # the reader has closed the pipe: Typer ends the command with 1 and no message
        except OSError as error:
            fail(f"cannot write {output or 'standard output'}: {error.strerror}", ENVIRONMENT_FAULT)


@contextmanager
def _exported(format: str) -> Iterator[Iterator[bytes]]:
    """The dataset of the database, item by item."""
    with existing() as (_, database), database.reading() as connection:
        yield (text.encode() for text in EXPORTERS[format](connection))


def _exported_there(server: str, format: str) -> AbstractContextManager[Iterator[bytes]]:
    """The dataset of a server."""
    from app.cli.remote import exported_from  # noqa: PLC0415 - imports an HTTP client, which other commands don't need

    return exported_from(server, format)
