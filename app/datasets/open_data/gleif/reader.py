"""Companies from the LEI records that GLEIF publishes: the golden copy's CSV, and the JSON of its API.

A company's address is made of its LEI alone, ``lei-`` and its letters in lower case: a name may change, an LEI does not.
Each record is a source of its own, whose text says what is taken from it and which the company cites.
"""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from pydantic import TypeAdapter

from app.datasets.open_data.cited_text import cite_all
from app.datasets.open_data.gleif.entries import Entry, api_entries, csv_entries
from app.datasets.open_data.periods import day
from app.datasets.open_data.reading import Lines, Malformed, count, fits
from app.datasets.strict_json import JsonFault
from app.records.located import LocatedRecord, Place, Problem, Problems
from app.records.validation import Value, to_record
from app.values.text import CountryCode, LanguageTag, Line

_COUNTRY: TypeAdapter[str] = TypeAdapter(CountryCode)
_LANGUAGE: TypeAdapter[str] = TypeAdapter(LanguageTag)
_LINE: TypeAdapter[str] = TypeAdapter(Line)
_NO_COMPANIES = ("DUPLICATE", "ANNULLED")
"""Records that GLEIF keeps of mistakes: another one is right."""
_LONGEST_NAME = 300
_MOST_NAMES = 50
_OTHER_NAMES = "other names"
_PUBLISHER = "Global Legal Entity Identifier Foundation"


def read(file: str, stream: BinaryIO, problems: Problems, left_out: Counter[str]) -> Iterator[LocatedRecord]:
    """A source and a company for each LEI record. A golden copy is read row by row, an answer of the API as a whole."""
    lines = Lines(file, stream)
    if not lines.first:
        problems.add(Place(file, 0).problem("", "is empty: expected CSV or JSON of GLEIF"))
    elif lines.first.lstrip()[:1] in (b"{", b"["):
        yield from _read_answer(lines, problems, left_out)
    else:
        for entry in csv_entries(lines, problems):
            yield from _records(entry, problems, left_out)


def _read_answer(lines: Lines, problems: Problems, left_out: Counter[str]) -> Iterator[LocatedRecord]:
    found = Problems()
    document = lines.document()
    try:
        for entry in api_entries(document, found, left_out):
            yield from _records(entry, found, left_out)
    except JsonFault as fault:
        document.add_fault(fault, problems)
        return
    except Malformed as fault:
        found.add(document.place().problem(fault.path, str(fault)))
    document.tell(found, problems)


def _records(entry: Entry, problems: Problems, left_out: Counter[str]) -> Iterator[LocatedRecord]:
    names = entry.names
    if entry.texts.status in _NO_COMPANIES:
        left_out[f"record: {names.status} {entry.texts.status}"] += 1
        return
    if len(entry.texts.name) > _LONGEST_NAME:
        left_out[f"record: {names.name} longer than {_LONGEST_NAME} characters"] += 1
        return
    found = Problems()
    company = _company(entry, left_out)
    record = to_record("company", None, company, entry.place, found)
    if record is None:
        _tell(entry, found, problems)
        return
    left_out.update(entry.rest)
    count(left_out, names.status, bool(entry.texts.status))
    source = to_record("source", None, _source(entry, company), entry.place, problems)
    if source:
        yield source
        yield record


def _tell(entry: Entry, found: Problems, problems: Problems) -> None:
    """Adds the problems of a company under the names that the fields have in the file."""
    within = f"{entry.place.path}." if entry.place.path else ""
    told: dict[str, Problem] = {}
    # The addresses of company and source are made of the LEI: one that is wrong is several problems here and one in the file.
    names = dict.fromkeys(("slug", "citations", "identifiers"), entry.names.lei) | {"name": entry.names.name}
    for problem in sorted(found.listed, key=lambda problem: "identifiers" in problem.field):
        field = problem.field.removeprefix(within).partition("[")[0]
        named = names.get(field, field)
        told[named] = problem._replace(field=within + named)
    found.listed, found.count = list(told.values()), len(told)
    problems.include(found)


def _company(entry: Entry, left_out: Counter[str]) -> dict[str, Value]:
    company: dict[str, Value] = {
        "slug": f"lei-{entry.texts.lei.lower()}",
        "name": _one_line(entry.texts.name),
        "identifiers": [{"scheme": "lei", "value": entry.texts.lei}],
    }
    if fits(_COUNTRY, entry.texts.country):
        company["country"] = entry.texts.country
    elif entry.texts.country:
        left_out[f"{entry.names.country}: no ISO 3166-1 code"] += 1
    created = day(entry.texts.created)
    if created:
        company["founded"] = created.isoformat()
    elif entry.texts.created:
        left_out[f"{entry.names.created}: no day"] += 1
    others = _other_names(entry, left_out)
    if others:
        company["other_names"] = others
    company["citations"] = cite_all(f"gleif-{entry.texts.lei.lower()}", _text(entry, company))
    return company


def _other_names(entry: Entry, left_out: Counter[str]) -> list[Value]:
    seen = {_one_line(entry.texts.name)}
    others: list[Value] = []
    for name, language in ((_one_line(name), language) for name, language in entry.other_names):
        if name in seen:
            left_out[f"{_OTHER_NAMES}: given twice"] += 1
        elif not fits(_LINE, name):
            left_out[f"{_OTHER_NAMES}: no name of 1 to {_LONGEST_NAME} characters"] += 1
        elif len(others) == _MOST_NAMES:
            left_out[f"{_OTHER_NAMES}: more than {_MOST_NAMES}"] += 1
        else:
            has_language = fits(_LANGUAGE, language)
            count(left_out, f"{_OTHER_NAMES}: no language tag", bool(language) and not has_language)
            others.append({"name": name, "language": language} if has_language else {"name": name})
            seen.add(name)
    return others


def _text(entry: Entry, company: dict[str, Value]) -> str:
    """What is taken from the record, in words."""
    statements = [f"LEI {entry.texts.lei}: the legal name is {company['name']}"]
    statements += [f"the country of the legal address is {company['country']}"] if "country" in company else []
    statements += [f"the entity was created on {company['founded']}"] if "founded" in company else []
    return "; ".join(statements) + "."


def _source(entry: Entry, company: dict[str, Value]) -> dict[str, Value]:
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
