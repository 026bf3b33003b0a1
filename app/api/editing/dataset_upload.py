"""Loading the body of a request as a dataset."""

from collections.abc import Iterable
from itertools import islice
from typing import IO, Annotated, BinaryIO, Self, cast

from fastapi import Request
from pydantic import BaseModel, Field, model_validator

from app.api.editing.requests import ChangeParameters
from app.database.database import Database
from app.datasets.flattening import LARGEST_FILE
from app.datasets.loader import LoadReport, load_staged, staged
from app.datasets.preview import ResourceChange, changes_after
from app.datasets.pruning import PruneScope
from app.datasets.reader import MEDIA_TYPES, Format, read_stream
from app.errors.problem import MOST_FIELD_ERRORS, FieldError
from app.errors.writing import InvalidDataset, UnsupportedMediaType
from app.http.request_body import body_parts, media_type
from app.records.located import DatasetFinding, DatasetInvalid, Findings
from app.records.shared_identifiers import MOST_SHARED, SharedIdentifier
from app.revisions.log import RevisionLog
from app.values.text import ResourceUrl, Slug

LARGEST_DATASET = 256 * 1024 * 1024
"""Bytes of NDJSON, which is read line by line. Larger datasets are loaded on the server."""
MOST_CHANGES = 1000
"""Changes that a dry run lists."""
IN_MEMORY = 1024 * 1024
"""Bytes of a body that are held in memory. Larger bodies go to a file."""
_ALSO: dict[str, Format] = {
    "application/x-yaml": "yaml", "text/yaml": "yaml", "application/ndjson": "ndjson", "application/jsonl": "ndjson",
}  # fmt: skip

Count = Annotated[int, Field(ge=0, le=2**53 - 1, examples=[15])]


class DatasetParameters(ChangeParameters):
    """How to load a dataset."""

    dry_run: Annotated[bool, Field(description="List what would change, without changing anything.", examples=[True])] = False
    prune: Annotated[
        bool,
        Field(
            description="Delete everything that the dataset does not contain, so that the database matches the dataset.",
            examples=[True],
        ),
    ] = False
    prune_company: Annotated[
        Slug | None, Field(description="With `prune=true`: delete only facts of this company.", examples=["example-works"])
    ] = None
    prune_source: Annotated[
        Slug | None, Field(description="With `prune=true`: delete only facts that cite this source.", examples=["annual-report"])
    ] = None

    @model_validator(mode="after")
    def _scope_needs_prune(self) -> Self:
        if not self.prune and (self.prune_company or self.prune_source):
            raise ValueError("prune_company and prune_source need prune=true")
        return self

    @property
    def scope(self) -> PruneScope | None:
        """What pruning may delete; None without pruning."""
        return PruneScope(self.prune_company, self.prune_source) if self.prune else None


class LoadResult(BaseModel, json_schema_serialization_defaults_required=True):
    """What loading a dataset changed, or with `dry_run=true` would change."""

    created: Count
    updated: Count
    unchanged: Count
    deleted: Count
    left: Annotated[
        list[ResourceUrl],
        Field(
            max_length=MOST_CHANGES,
            description="The first 1,000 resources that cite an earlier text, since their passage is not in the new one.",
            examples=[[]],
        ),
    ] = []
    shared_identifiers: Annotated[
        list[SharedIdentifier],
        Field(
            max_length=MOST_SHARED,
            description="The first 100 identifiers that a created or updated company has in common with another.",
        ),
    ] = []
    warnings: Annotated[
        list[FieldError],
        Field(
            max_length=MOST_FIELD_ERRORS,
            description="The first 100 values that are valid but look like mistakes, such as a headline as paragraph 1.",
            examples=[[]],
        ),
    ] = []
    newest: Annotated[int, Field(ge=0, le=2**53 - 1, description="Number of the newest revision afterwards.", examples=[64])]
    changes: Annotated[
        list[ResourceChange],
        Field(max_length=MOST_CHANGES, description="The first 1,000 changes that a dry run found. Empty unless `dry_run=true`."),
    ] = []


def format_of(request: Request) -> Format:
    """The format of the body. Raises UnsupportedMediaType."""
    given = media_type(request)
    format = MEDIA_TYPES.get(given) or _ALSO.get(given)
    if format is None:
        raise UnsupportedMediaType(f"A dataset must be {', '.join(MEDIA_TYPES)}, not {given[:100] or 'without a type'}.")
    return format


async def receive(request: Request, file: IO[bytes], format: Format) -> None:
    """Writes the body to a file. Raises BodyTooLarge, for formats that are read as a whole at the limit of their reader."""
    largest, instead = (LARGEST_DATASET, "") if format == "ndjson" else (LARGEST_FILE, "Send a larger dataset as NDJSON.")
    async for part in body_parts(request, largest, instead):
        file.write(part)
    file.seek(0)


def load_body(database: Database, file: IO[bytes], format: Format, parameters: DatasetParameters, actor: str) -> LoadResult:
    """Loads a dataset in one transaction. Raises InvalidDataset, which leaves everything as it was."""
    reason = parameters.reason or "Dataset over HTTP"
    changing = database.trying if parameters.dry_run else database.writing
    try:
        with staged(read_stream("body", cast("BinaryIO", file), format)) as (staging, findings), changing() as connection:
            log = RevisionLog(connection, actor=actor, reason=reason)
            report = load_staged(connection, log, staging, findings, prune=parameters.scope)
            changes = changes_after(connection, report.before) if parameters.dry_run else ()
            return _result(report, list(islice(changes, MOST_CHANGES)))
    except DatasetInvalid as invalid:
        raise _refusal(invalid.findings) from None


def _result(report: LoadReport, changes: list[ResourceChange]) -> LoadResult:
    return LoadResult(
        created=report.created.total(),
        updated=report.updated.total(),
        unchanged=report.unchanged.total(),
        deleted=report.deleted.total(),
        left=report.left[:MOST_CHANGES],
        shared_identifiers=report.shared,
        warnings=_located(report.warnings),
        newest=report.newest,
        changes=changes,
    )


def _refusal(findings: Findings) -> InvalidDataset:
    return InvalidDataset(f"Nothing was loaded. {DatasetInvalid(findings)}", errors=_located(findings.listed))


def _located(findings: Iterable[DatasetFinding]) -> list[FieldError]:
    """The first findings, each with its line and its field."""
    return [
        FieldError(field=finding.field or "body", message=f"line {finding.line}: {finding.message}".removeprefix("line 0: "))
        for finding in sorted(findings)[:MOST_FIELD_ERRORS]
    ]
