"""The records of a dataset, each with its place in a file, and findings about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.records.company import CompanyRecord
from app.records.metric import MetricRecord
from app.records.milestone import MilestoneRecord
from app.records.product import ProductRecord
from app.records.source import SourceRecord
from app.values.printable import printable
from app.values.resources import Kind, resource_url

FactRecord = MilestoneRecord | ProductRecord | MetricRecord
Record = SourceRecord | CompanyRecord | FactRecord
RECORDS: Final[Mapping[Kind, type[Record]]] = {
    "source": SourceRecord,
    "company": CompanyRecord,
    "milestone": MilestoneRecord,
    "product": ProductRecord,
    "metric": MetricRecord,
}

MOST_LISTED = 1_000
MOST_COUNTED = 250_000
"""Reading stops at so many errors. One record has fewer (app/datasets/strict_json.py limits its values)."""
LONGEST_PATH = 200
"""Characters of a field's path. What is inside a field with a longer path is reported at that field."""


class DatasetFinding(NamedTuple):
    """One error in a dataset. ``line`` counts from 1; 0 means the whole file."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return printable(": ".join(part for part in (where, self.field, self.message) if part))


@dataclass(frozen=True, slots=True)
class UnreadRecord:
    """What could be read of an invalid record: its own slug, its company's, and the sources that it cites, by field."""

    place: "FilePlace"
    kind: Kind
    company: str | None
    slug: str | None
    sources: Mapping[str, str]


class Findings:
    """The errors in a dataset: the first thousand, and the number of all.

    ``warnings`` are the first thousand values that are valid but look like mistakes.

    ``invalid`` names the sources and companies that the dataset contains but that are invalid, so that references to them
    are not reported too. ``unread`` are the first thousand invalid records, whose references are checked as well.
    """

    def __init__(self) -> None:
        self.listed: list[DatasetFinding] = []
        self.count = 0
        self.invalid: set[tuple[Kind, str]] = set()
        self.unread: list[UnreadRecord] = []
        self.warnings: list[DatasetFinding] = []

    @property
    def room(self) -> int:
        """How many more errors are listed. Those beyond are counted, so nobody needs to describe them."""
        return MOST_LISTED - len(self.listed)

    def add(self, finding: DatasetFinding) -> None:
        """Lists an error if there is room, and counts it. Raises DatasetInvalid if there are too many to go on."""
        if self.room > 0:
            self.listed.append(finding)
        self.count_more(1)

    def warn(self, finding: DatasetFinding) -> None:
        """Lists what is valid but looks like a mistake, if there is room."""
        if len(self.warnings) < MOST_LISTED:
            self.warnings.append(finding)

    def count_more(self, number: int) -> None:
        """Counts errors that are not listed. Raises DatasetInvalid if there are too many to go on."""
        self.count += number
        if self.count >= MOST_COUNTED:
            raise DatasetInvalid(self)

    def include(self, others: "Findings") -> None:
        self.listed.extend(others.listed[: MOST_LISTED - len(self.listed)])
        self.count += others.count
        self.warnings.extend(others.warnings[: MOST_LISTED - len(self.warnings)])
        self.invalid |= others.invalid
        self.unread.extend(others.unread[: MOST_LISTED - len(self.unread)])

    def raise_if_any(self) -> None:
        """Raises DatasetInvalid with all of them."""
        if self.count:
            raise DatasetInvalid(self)


class DatasetInvalid(Exception):
    """A dataset that cannot be loaded. Its text has one finding per line: ``file:line: field: message``."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        lines = [str(finding) for finding in sorted(self.findings.listed)]
        unlisted = self.findings.count - len(lines)
        stopped = "; reading stopped here" if self.findings.count >= MOST_COUNTED else ""
        return "\n".join([*lines, f"… and {unlisted:,} more{stopped}"] if unlisted else lines)


@dataclass(frozen=True, slots=True)
class FilePlace:
    """The place of a record: its file, first line and path, such as ``companies[0].metrics[2]``, and the lines of its fields."""

    file: str
    line: int
    path: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, field_path: str) -> int:
        """The line of a field, or of the nearest field that contains it."""
        while field_path and self.lines:
            if field_path in self.lines:
                return self.lines[field_path]
            field_path = field_path[: max(field_path.rfind("."), field_path.rfind("["), 0)]
        return self.line

    def finding(self, field_path: str, message: str) -> DatasetFinding:
        return DatasetFinding(self.file, self.line_of(field_path), join(self.path, field_path), message)


def join(path: str, field_path: str) -> str:
    """The path of a field inside another. It is cut, because keys may be long, and as many paths as values are held in memory."""
    return (f"{path}.{field_path}" if path and field_path else path or field_path)[:LONGEST_PATH]


@dataclass(frozen=True, slots=True)
class LocatedRecord:
    """A valid record and its place. ``company`` is the slug of the company of a fact, and None for other kinds."""

    place: FilePlace
    kind: Kind
    company: str | None
    record: Record

    @property
    def url(self) -> str:
        """The URL of the resource."""
        return resource_url(self.kind, self.record.slug, self.company)
