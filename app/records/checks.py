"""Checks between the records of a dataset, and between them and the database."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from app.database.models import Company, Source
from app.records.citations import CitedSources, ResolvedCitation, citations_of, extent
from app.records.company import CompanyRecord
from app.records.fact import CitationRecord
from app.records.headings import after_heading
from app.records.located import DatasetInvalid, FilePlace, Findings, LocatedRecord
from app.records.metric import EquivalentRecord, MetricRecord
from app.records.passages import CitationFault
from app.records.source import SourceRecord
from app.records.staging import Staging
from app.records.validation import shown
from app.values.numbers import plain
from app.values.resources import Kind
from app.values.stated_numbers import contradicted

CitedRecord = tuple[LocatedRecord, list[ResolvedCitation]]
"""A record and its citations as served."""


def stage(records: Iterable[LocatedRecord], staging: Staging) -> Findings:
    """Stages all records. The findings are those of the reader, and slugs that occur twice.

    An entry of open data is several records at one place: if it occurs twice, that is one finding.
    """
    findings = Findings()
    last: FilePlace | None = None
    try:
        for located in records:
            repeated = staging.add(located)
            if repeated and located.place != last:
                findings.add(repeated)
                last = located.place
    except DatasetInvalid as invalid:
        if invalid.findings is not findings:
            findings.include(invalid.findings)
    return findings


def check(
    connection: Connection, staging: Staging, batch: Sequence[LocatedRecord], sources: CitedSources, findings: Findings
) -> list[CitedRecord]:
    """Adds findings about the records of a batch: references, texts and citations. Returns the records with their citations."""
    _check_companies(connection, staging, batch, findings)
    for located in batch:
        check_record(located, findings)
    return resolve(batch, sources, findings)


def check_record(located: LocatedRecord, findings: Findings) -> None:
    """Adds findings about one record by itself."""
    if isinstance(located.record, SourceRecord):
        _check_text(located, located.record, findings)
    elif isinstance(located.record, CompanyRecord):
        _check_identifiers(located, located.record, findings)
    elif isinstance(located.record, MetricRecord):
        _warn_of_contradictions(located, located.record, findings)


def check_invalid(connection: Connection, staging: Staging, findings: Findings) -> None:
    """Adds the wrong references and repeated slugs of invalid records, so that one run finds every error."""
    cited = sorted({source for record in findings.unread for source in record.sources.values()})
    stored = set(connection.scalars(select(Source.slug).where(Source.slug.in_(cited)))) if cited else set()
    seen: set[tuple[Kind, str | None, str]] = set()
    for record in findings.unread:
        for path, source in record.sources.items():
            if source not in stored and ("source", source) not in findings.invalid and not staging.holds("source", source):
                findings.add(record.place.finding(path, no_such("source", source)))
        if record.slug is None:
            continue
        key = (record.kind, record.company, record.slug)
        if key in seen or staging.holds(record.kind, record.slug, record.company):
            findings.add(record.place.finding("slug", f"the {record.kind} {record.slug!r} is given more than once"))
        seen.add(key)


def no_such(kind: Kind, slug: str) -> str:
    return f"there is no {kind} {slug!r}"


def resolve(batch: Sequence[LocatedRecord], sources: CitedSources, findings: Findings) -> list[CitedRecord]:
    """The records of a batch with their citations as served. Adds a finding for each citation that fails."""
    sources.prepare(citation for located in batch for citation in citations_of(located))
    return [(located, _resolve(citations_of(located), located.place, sources, findings)) for located in batch]


def _resolve(
    citations: Sequence[CitationRecord], place: FilePlace, sources: CitedSources, findings: Findings
) -> list[ResolvedCitation]:
    resolved = []
    for index, citation in enumerate(citations):
        path = f"citations[{index}]"
        if sources.knows(citation.source):
            try:
                resolved.append(sources.resolve(citation))
            except CitationFault as fault:
                findings.add(place.finding(f"{path}.{fault.field}", str(fault)))
        elif ("source", citation.source) not in findings.invalid:
            findings.add(place.finding(f"{path}.source", no_such("source", citation.source)))
    return resolved


def _check_companies(connection: Connection, staging: Staging, batch: Sequence[LocatedRecord], findings: Findings) -> None:
    wanted = {located.company for located in batch if located.company}
    elsewhere = sorted(slug for slug in wanted if not staging.holds("company", slug))
    stored = set(connection.scalars(select(Company.slug).where(Company.slug.in_(elsewhere)))) if elsewhere else set()
    unknown = set(elsewhere) - stored - {slug for kind, slug in findings.invalid if kind == "company"}
    if not unknown:
        return
    for located in batch:
        if located.company in unknown:
            findings.add(located.place.finding("company", no_such("company", str(located.company))))


def _check_text(located: LocatedRecord, source: SourceRecord, findings: Findings) -> None:
    length, sha256 = extent(source)
    if source.length not in (None, length):
        findings.add(located.place.finding("length", f"is {source.length}, but the text has {length} characters"))
    if source.sha256 not in (None, sha256):
        findings.add(located.place.finding("sha256", f"is not the digest of the text, {sha256}"))
    if source.body_start >= length:
        findings.add(located.place.finding("body_start", f"lies beyond the end of the text, {length}"))
    elif source.text is not None:
        _warn_of_heading(located, source, source.text, findings)


def _warn_of_heading(located: LocatedRecord, source: SourceRecord, text: str, findings: Findings) -> None:
    start = after_heading(text, source.body_start, source.title, source.authors)
    if start is not None:
        heading, body = (shown(text[first:].lstrip().partition("\n")[0]) for first in (source.body_start, start))
        message = f"paragraph 1 starts with a title or byline, {heading}; to start it with {body}, write body_start: {start}"
        findings.warn(located.place.finding("body_start", message))


def _warn_of_contradictions(located: LocatedRecord, metric: MetricRecord, findings: Findings) -> None:
    """Warns of a number that is not the one in the words of the source. Usually a digit or the scale was mistyped."""
    given: list[tuple[str, MetricRecord | EquivalentRecord]] = [("value", metric)]
    given += [("equivalent.value", metric.equivalent)] if metric.equivalent else []
    for field, amount in given:
        stated = contradicted(amount.value, amount.unit, amount.stated_as) if amount.stated_as else None
        if stated is not None:
            message = f"is {plain(amount.value)}, but stated_as is {shown(amount.stated_as)}, which is {plain(stated)}"
            findings.warn(located.place.finding(field, message))


def _check_identifiers(located: LocatedRecord, company: CompanyRecord, findings: Findings) -> None:
    seen = set()
    for index, identifier in enumerate(company.identifiers):
        if (identifier.scheme, identifier.value) in seen:
            findings.add(
                located.place.finding(f"identifiers[{index}]", f"{identifier.scheme} {identifier.value!r} is given twice")
            )
        seen.add((identifier.scheme, identifier.value))
