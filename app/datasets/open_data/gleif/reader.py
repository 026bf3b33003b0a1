"""Companies from the LEI records that GLEIF publishes: the CSV of the golden copy, and the JSON of its API.

The slug of a company is ``lei-`` and its LEI in lower case, because a name may change and an LEI does not. Each record is
a source: its text states what is taken from the record, and the company cites it. An entity that has ceased to operate has a
milestone that says so. Natural persons are left out, unless the caller asks for them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from pydantic import TypeAdapter

from app.datasets.open_data.cited_text import cite_all
from app.datasets.open_data.gleif.api_response import api_entries
from app.datasets.open_data.gleif.entries import LeiEntry
from app.datasets.open_data.gleif.golden_copy import csv_entries
from app.datasets.open_data.gleif.sister_formats import sister_of_json, sister_of_markup
from app.datasets.open_data.gleif.statements import NATURAL_PERSON, STATUS_PARAGRAPH, end_of, note_of, one_line, paragraphs
from app.datasets.open_data.instants import local_days
from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.other_formats import LONGEST_START
from app.datasets.open_data.periods import day
from app.datasets.open_data.reading import Lines, Malformed, fits, items, mapping
from app.datasets.strict_json import JsonFault
from app.records.company import one_form
from app.records.located import DatasetFinding, FilePlace, Findings, LocatedRecord
from app.records.validation import Value, to_record
from app.values.text import CountryCode, LanguageTag, Line

_COUNTRY: TypeAdapter[str] = TypeAdapter(CountryCode)
_LANGUAGE: TypeAdapter[str] = TypeAdapter(LanguageTag)
_LINE: TypeAdapter[str] = TypeAdapter(Line)
_NO_COMPANIES = ("DUPLICATE", "ANNULLED")
"""Records of mistakes, which GLEIF replaced by other records."""
_LONGEST_NAME = 300
_MOST_NAMES = 50
_OTHER_NAMES = "other names"
_PUBLISHER = "Global Legal Entity Identifier Foundation"


def read(
    file: str, stream: BinaryIO, findings: Findings, left_out: LeftOut, *, natural_persons: bool = False
) -> Iterator[LocatedRecord]:
    """The records of each LEI record. A golden copy is read row by row, an API response as a whole."""
    lines = Lines(file, stream)
    start = lines.first.lstrip()[:1]
    if fault := lines.fault("GLEIF data as CSV or JSON"):
        findings.add(fault)
    elif start == b"<":
        sister = sister_of_markup(lines.document().content[:LONGEST_START])
        findings.add(FilePlace(file, lines.line).finding("", sister))
    elif start in (b"{", b"["):
        yield from _read_response(lines, findings, left_out, natural_persons=natural_persons)
    else:
        for entry in csv_entries(lines, findings):
            yield from _records(entry, findings, left_out, natural_persons=natural_persons)


def _read_response(lines: Lines, findings: Findings, left_out: LeftOut, *, natural_persons: bool) -> Iterator[LocatedRecord]:
    found = Findings()
    document = lines.document()
    if sister := sister_of_json(document.content[:LONGEST_START]):
        findings.add(document.place().finding("", sister))
        return
    try:
        for entry in api_entries(document, found, left_out):
            yield from _records(entry, found, left_out, natural_persons=natural_persons)
    except JsonFault as fault:
        document.add_fault(fault, findings)
        return
    except Malformed as fault:
        found.add(document.place().finding(fault.path, str(fault)))
    document.report(found, findings)


def _records(entry: LeiEntry, findings: Findings, left_out: LeftOut, *, natural_persons: bool) -> Iterator[LocatedRecord]:
    """The source, the company, and the end of the entity if it has ceased to operate."""
    left_out.at(entry.place)
    if reason := _reason_against(entry, natural_persons=natural_persons):
        left_out.pass_over("record", reason, entry.texts.lei)
        return
    if len(entry.texts.name) > _LONGEST_NAME:
        left_out.refuse("record", f"{entry.names.name} longer than {_LONGEST_NAME} characters", entry.texts.name)
        return
    found = Findings()
    text = "\n\n".join(paragraphs(entry))
    citations = cite_all(_source_slug(entry), text)
    company = _company(entry, left_out) | {"citations": citations}
    record = to_record("company", None, company, entry.place, found)
    if record is None:
        _report(entry, found, findings)
        return
    left_out.skip(entry.rest)
    source = to_record("source", None, _source(entry, text), entry.place, findings)
    if source:
        yield source
        yield record
        yield from _end(entry, company, findings, left_out)


def _reason_against(entry: LeiEntry, *, natural_persons: bool) -> str | None:
    """Why a record is left out by rule; None if it is not."""
    if entry.texts.registration in _NO_COMPANIES:
        return f"{entry.names.registration} {entry.texts.registration}"
    if entry.texts.category == NATURAL_PERSON and not natural_persons:
        return f"{NATURAL_PERSON}, a natural person; --natural-persons loads it"
    return None


def _end(entry: LeiEntry, company: dict[str, Value], findings: Findings, left_out: LeftOut) -> Iterator[LocatedRecord]:
    """The milestone of an entity that has ceased to operate."""
    end = end_of(entry)
    if end is None:
        if entry.texts.expired:
            left_out.refuse(entry.names.expired, "of an entity that is not INACTIVE", entry.texts.expired)
        return
    end["date"] = _local_days(entry, "expired", left_out)
    end["citations"] = [cited for cited in items(company["citations"], "") if mapping(cited, "")["paragraph"] == STATUS_PARAGRAPH]
    milestone = to_record("milestone", company["slug"], end, entry.place, findings)
    if milestone:
        yield milestone


def _report(entry: LeiEntry, found: Findings, findings: Findings) -> None:
    """Reports what is wrong with a company, with the field names of the file."""
    within = f"{entry.place.path}." if entry.place.path else ""
    reported: dict[str, DatasetFinding] = {}
    # The slugs of company and source contain the LEI, so an invalid one is several findings here but one in the file.
    names = dict.fromkeys(("slug", "citations", "identifiers"), entry.names.lei) | {"name": entry.names.name}
    for finding in sorted(found.listed, key=lambda finding: "identifiers" in finding.field):
        field = finding.field.removeprefix(within).partition("[")[0]
        named = names.get(field, field)
        is_missing = (named, "") in zip(entry.names, entry.texts, strict=True)
        reported[named] = finding._replace(field=within + named, message="is missing" if is_missing else finding.message)
    found.listed, found.count = list(reported.values()), len(reported)
    # The sources are this program's own: without the company they are missing, which is no fault of the file.
    found.unread = [replace(record, sources={}) for record in found.unread]
    findings.include(found)


def _lei(entry: LeiEntry) -> str:
    """The LEI in its one form, which is perhaps not how it is filed."""
    return one_form("lei", entry.texts.lei)


def _source_slug(entry: LeiEntry) -> str:
    return f"gleif-{_lei(entry).lower()}"


def _company(entry: LeiEntry, left_out: LeftOut) -> dict[str, Value]:
    company: dict[str, Value] = {
        "slug": f"lei-{_lei(entry).lower()}",
        "name": one_line(entry.texts.name),
        "identifiers": [{"scheme": "lei", "value": entry.texts.lei}],
        "note": note_of(entry),
    }
    if fits(_COUNTRY, entry.texts.country):
        company["country"] = entry.texts.country
    elif entry.texts.country:
        left_out.refuse(entry.names.country, "not an ISO 3166-1 code", entry.texts.country)
    if created := _local_days(entry, "created", left_out):
        company["founded"] = created
    others = _other_names(entry, left_out)
    if others:
        company["other_names"] = others
    return company


def _local_days(entry: LeiEntry, field: str, left_out: LeftOut) -> str | None:
    """A date of a record in the entity's country: an interval if its time is in UTC and was on different days there."""
    text: str = getattr(entry.texts, field)
    days = local_days(text, entry.texts.country)
    if text and days is None:
        left_out.refuse(getattr(entry.names, field), "not a date", text)
    elif days and "/" in days:
        left_out.pass_over(getattr(entry.names, field), "the local day, which a time in UTC does not tell", text)
    return days


def _other_names(entry: LeiEntry, left_out: LeftOut) -> list[Value]:
    seen = {one_line(entry.texts.name)}
    others: list[Value] = []
    for name, language in ((one_line(other.name), other.language) for other in entry.other_names):
        if name in seen:
            left_out.pass_over(_OTHER_NAMES, "given twice", name)
        elif not fits(_LINE, name):
            left_out.refuse(_OTHER_NAMES, f"not a name of 1 to {_LONGEST_NAME} characters", name)
        elif len(others) == _MOST_NAMES:
            left_out.refuse(_OTHER_NAMES, f"more than {_MOST_NAMES}", name)
        else:
            has_language = fits(_LANGUAGE, language)
            if language and not has_language:
                left_out.refuse(_OTHER_NAMES, "not a language tag", language)
            others.append({"name": name, "language": language} if has_language else {"name": name})
            seen.add(name)
    return others


def _source(entry: LeiEntry, text: str) -> dict[str, Value]:
    """The source was published at an instant, in no country: its day is that of UTC, or of the offset that is written."""
    updated = day(entry.texts.updated)
    source: dict[str, Value] = {
        "slug": _source_slug(entry),
        "title": f"LEI record {_lei(entry)}",
        "type": "dataset",
        "publisher": _PUBLISHER,
        "url": f"https://search.gleif.org/#/record/{_lei(entry)}",
        "language": "en",
        "text": text,
    }
    return source | ({"published": updated.isoformat()} if updated else {})
