"""Companies from the LEI records that GLEIF publishes: the CSV of the golden copy, and the JSON of its API.

The slug of a company is ``lei-`` and its LEI in lower case, because a name may change and an LEI does not. Each record is
a source: its text states what is taken from the record, and the company cites it.
"""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from pydantic import TypeAdapter

from app.datasets.open_data.cited_text import cite_all
from app.datasets.open_data.gleif.entries import LeiEntry, api_entries, csv_entries
from app.datasets.open_data.periods import day
from app.datasets.open_data.reading import Lines, Malformed, count, fits
from app.datasets.strict_json import JsonFault
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


def read(file: str, stream: BinaryIO, findings: Findings, left_out: Counter[str]) -> Iterator[LocatedRecord]:
    """A source and a company for each LEI record. A golden copy is read row by row, an API response as a whole."""
    lines = Lines(file, stream)
    if not lines.first:
        findings.add(FilePlace(file, 0).finding("", "is empty: expected GLEIF data as CSV or JSON"))
    elif lines.first.lstrip()[:1] in (b"{", b"["):
        yield from _read_response(lines, findings, left_out)
    else:
        for entry in csv_entries(lines, findings):
            yield from _records(entry, findings, left_out)


def _read_response(lines: Lines, findings: Findings, left_out: Counter[str]) -> Iterator[LocatedRecord]:
    found = Findings()
    document = lines.document()
    try:
        for entry in api_entries(document, found, left_out):
            yield from _records(entry, found, left_out)
    except JsonFault as fault:
        document.add_fault(fault, findings)
        return
    except Malformed as fault:
        found.add(document.place().finding(fault.path, str(fault)))
    document.report(found, findings)


def _records(entry: LeiEntry, findings: Findings, left_out: Counter[str]) -> Iterator[LocatedRecord]:
    names = entry.names
    if entry.texts.status in _NO_COMPANIES:
        left_out[f"record: {names.status} {entry.texts.status}"] += 1
        return
    if len(entry.texts.name) > _LONGEST_NAME:
        left_out[f"record: {names.name} longer than {_LONGEST_NAME} characters"] += 1
        return
    found = Findings()
    company = _company(entry, left_out)
    record = to_record("company", None, company, entry.place, found)
    if record is None:
        _report(entry, found, findings)
        return
    left_out.update(entry.rest)
    count(left_out, names.status, bool(entry.texts.status))
    source = to_record("source", None, _source(entry, company), entry.place, findings)
    if source:
        yield source
        yield record


def _report(entry: LeiEntry, found: Findings, findings: Findings) -> None:
    """Reports what is wrong with a company, with the field names of the file."""
    within = f"{entry.place.path}." if entry.place.path else ""
    reported: dict[str, DatasetFinding] = {}
    # The slugs of company and source contain the LEI, so an invalid one is several findings here but one in the file.
    names = dict.fromkeys(("slug", "citations", "identifiers"), entry.names.lei) | {"name": entry.names.name}
    for finding in sorted(found.listed, key=lambda finding: "identifiers" in finding.field):
        field = finding.field.removeprefix(within).partition("[")[0]
        named = names.get(field, field)
        reported[named] = finding._replace(field=within + named)
    found.listed, found.count = list(reported.values()), len(reported)
    findings.include(found)


def _company(entry: LeiEntry, left_out: Counter[str]) -> dict[str, Value]:
    company: dict[str, Value] = {
        "slug": f"lei-{entry.texts.lei.lower()}",
        "name": _one_line(entry.texts.name),
        "identifiers": [{"scheme": "lei", "value": entry.texts.lei}],
    }
    if fits(_COUNTRY, entry.texts.country):
        company["country"] = entry.texts.country
    elif entry.texts.country:
        left_out[f"{entry.names.country}: not an ISO 3166-1 code"] += 1
    created = day(entry.texts.created)
    if created:
        company["founded"] = created.isoformat()
    elif entry.texts.created:
        left_out[f"{entry.names.created}: not a date"] += 1
    others = _other_names(entry, left_out)
    if others:
        company["other_names"] = others
    company["citations"] = cite_all(f"gleif-{entry.texts.lei.lower()}", _text(entry, company))
    return company


def _other_names(entry: LeiEntry, left_out: Counter[str]) -> list[Value]:
    seen = {_one_line(entry.texts.name)}
    others: list[Value] = []
    for name, language in ((_one_line(name), language) for name, language in entry.other_names):
        if name in seen:
            left_out[f"{_OTHER_NAMES}: given twice"] += 1
        elif not fits(_LINE, name):
            left_out[f"{_OTHER_NAMES}: not a name of 1 to {_LONGEST_NAME} characters"] += 1
        elif len(others) == _MOST_NAMES:
            left_out[f"{_OTHER_NAMES}: more than {_MOST_NAMES}"] += 1
        else:
            has_language = fits(_LANGUAGE, language)
            count(left_out, f"{_OTHER_NAMES}: not a language tag", bool(language) and not has_language)
            others.append({"name": name, "language": language} if has_language else {"name": name})
            seen.add(name)
    return others


def _text(entry: LeiEntry, company: dict[str, Value]) -> str:
    """The text of the source: what is taken from the record, in words."""
    statements = [f"LEI {entry.texts.lei}: the legal name is {company['name']}"]
    statements += [f"the country of the legal address is {company['country']}"] if "country" in company else []
    statements += [f"the entity was created on {company['founded']}"] if "founded" in company else []
    return "; ".join(statements) + "."


def _source(entry: LeiEntry, company: dict[str, Value]) -> dict[str, Value]:
    updated = day(entry.texts.updated)
    source: dict[str, Value] = {
        "slug": f"gleif-{entry.texts.lei.lower()}",
        "title": f"LEI record {entry.texts.lei}",
        "type": "dataset",
        "publisher": _PUBLISHER,
        "url": f"https://search.gleif.org/#/record/{entry.texts.lei}",
        "language": "en",
        "text": _text(entry, company),
    }
    return source | ({"published": updated.isoformat()} if updated else {})


def _one_line(name: str) -> str:
    return " ".join(name.split())
