"""What must hold between the records of a dataset, and between them and the database."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from app.companies.schemas import CompanyRecord
from app.datasets.citations import CitedSources, ResolvedCitation, extent
from app.datasets.records import FACT_KINDS, KINDS, DatasetInvalid, LocatedRecord, Place, Problems
from app.datasets.staging import Citing, Staging
from app.facts.schemas import CitationRecord
from app.models import Company, Source
from app.revisions import Kind
from app.sources.passages import CitationFault
from app.sources.schemas import SourceRecord


def stage(records: Iterable[LocatedRecord], staging: Staging) -> Problems:
    """Takes all records in. The problems are those of the reader, and names given twice."""
    problems = Problems()
    try:
        for located in records:
            repeated = staging.add(located)
            if repeated:
                problems.add(repeated)
    except DatasetInvalid as invalid:
        problems.include(invalid.problems)
    return problems


def check(connection: Connection, staging: Staging, sources: CitedSources, problems: Problems) -> None:
    """Adds what is wrong across records: references, texts and citations."""
    for kind in KINDS:
        if kind not in FACT_KINDS:
            _check_content(kind, staging, problems)
        if kind == "source":
            continue  # it cites nothing, and its text is long
        for batch in staging.citing(kind):
            _check_companies(connection, staging, batch, problems)
            sources.prepare(citation for citing in batch for citation in citing.citations)
            for citing in batch:
                resolve(citing.citations, citing.place, sources, problems)
    _check_invalid(connection, staging, problems)


def _check_content(kind: Kind, staging: Staging, problems: Problems) -> None:
    """What must hold within a source or a company."""
    for batch in staging.batches(kind):
        for located in batch:
            if isinstance(located.record, SourceRecord):
                _check_text(located, located.record, problems)
            elif isinstance(located.record, CompanyRecord):
                _check_identifiers(located, located.record, problems)


def _check_invalid(connection: Connection, staging: Staging, problems: Problems) -> None:
    """Tells the wrong references and repeated names of invalid records too, so that one round finds every error."""
    cited = sorted({source for record in problems.invalid for source in record.sources.values()})
    stored = set(connection.scalars(select(Source.slug).where(Source.slug.in_(cited)))) if cited else set()
    seen: set[tuple[Kind, str | None, str]] = set()
    for record in problems.invalid:
        for path, source in record.sources.items():
            if source not in stored and ("source", source) not in problems.spoilt and not staging.holds("source", source):
                problems.add(record.place.problem(path, no_such("source", source)))
        if record.slug is None:
            continue
        key = (record.kind, record.company, record.slug)
        if key in seen or staging.holds(record.kind, record.slug, record.company):
            problems.add(record.place.problem("slug", f"the {record.kind} {record.slug!r} is given more than once"))
        seen.add(key)


def no_such(kind: Kind, slug: str) -> str:
    return f"there is no {kind} {slug!r}"


def resolve(
    citations: Sequence[CitationRecord], place: Place, sources: CitedSources, problems: Problems
) -> list[ResolvedCitation]:
    """The citations of the record at a place as they are served; those that fail are added to the problems."""
    resolved = []
    for index, citation in enumerate(citations):
        path = f"citations[{index}]"
        if sources.knows(citation.source):
            try:
                resolved.append(sources.resolve(citation))
            except CitationFault as fault:
                problems.add(place.problem(f"{path}.{fault.field}", str(fault)))
        elif ("source", citation.source) not in problems.spoilt:
            problems.add(place.problem(f"{path}.source", no_such("source", citation.source)))
    return resolved


def _check_companies(connection: Connection, staging: Staging, batch: list[Citing], problems: Problems) -> None:
    wanted = {citing.company for citing in batch if citing.company}
    elsewhere = sorted(slug for slug in wanted if not staging.holds("company", slug))
    stored = set(connection.scalars(select(Company.slug).where(Company.slug.in_(elsewhere)))) if elsewhere else set()
    unknown = set(elsewhere) - stored - {slug for kind, slug in problems.spoilt if kind == "company"}
    for citing in batch:
        if citing.company in unknown:
            problems.add(citing.place.problem("company", no_such("company", str(citing.company))))


def _check_text(located: LocatedRecord, source: SourceRecord, problems: Problems) -> None:
    length, sha256 = extent(source)
    if source.length not in (None, length):
        problems.add(located.place.problem("length", f"is {source.length}, but the text has {length} characters"))
    if source.sha256 not in (None, sha256):
        problems.add(located.place.problem("sha256", f"is not the digest of the text, {sha256}"))
    if source.body_start >= length:
        problems.add(located.place.problem("body_start", f"lies beyond the end of the text, {length}"))


def _check_identifiers(located: LocatedRecord, company: CompanyRecord, problems: Problems) -> None:
    seen = set()
    for index, identifier in enumerate(company.identifiers):
        if (identifier.scheme, identifier.value) in seen:
            problems.add(
                located.place.problem(f"identifiers[{index}]", f"{identifier.scheme} {identifier.value!r} is given twice")
            )
        seen.add((identifier.scheme, identifier.value))
