"""What must hold between the records of a dataset, and between them and the database."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from app.companies.schemas import CompanyRecord
from app.datasets.citations import CitedSources, citations_of, extent
from app.datasets.records import FACT_KINDS, KINDS, DatasetInvalid, LocatedRecord, Problems
from app.datasets.staging import Staging
from app.facts.schemas import Citation
from app.models import Company
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
        for batch in staging.batches(kind):
            if kind in FACT_KINDS:
                _check_companies(connection, staging, batch, problems)
            sources.prepare(batch)
            for located in batch:
                if isinstance(located.record, SourceRecord):
                    _check_text(located, located.record, problems)
                elif isinstance(located.record, CompanyRecord):
                    _check_identifiers(located, located.record, problems)
                resolve_citations(located, sources, problems)


def resolve_citations(located: LocatedRecord, sources: CitedSources, problems: Problems) -> list[Citation]:
    """The record's citations as served; those that fail are added to the problems."""
    resolved = []
    for index, citation in enumerate(citations_of(located)):
        path = f"citations[{index}]"
        if sources.knows(citation.source):
            try:
                resolved.append(sources.resolve(citation))
            except CitationFault as fault:
                problems.add(located.place.problem(f"{path}.{fault.field}", str(fault)))
        elif ("source", citation.source) not in problems.spoilt:
            message = f"there is no source {citation.source!r}, neither in the dataset nor in the database"
            problems.add(located.place.problem(f"{path}.source", message))
    return resolved


def _check_companies(connection: Connection, staging: Staging, batch: list[LocatedRecord], problems: Problems) -> None:
    wanted = {located.company for located in batch if located.company}
    elsewhere = sorted(slug for slug in wanted if not staging.holds("company", slug))
    stored = set(connection.scalars(select(Company.slug).where(Company.slug.in_(elsewhere)))) if elsewhere else set()
    unknown = set(elsewhere) - stored - {slug for kind, slug in problems.spoilt if kind == "company"}
    for located in batch:
        if located.company in unknown:
            message = f"there is no company {located.company!r}, neither in the dataset nor in the database"
            problems.add(located.place.problem("company", message))


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
