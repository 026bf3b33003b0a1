"""The values of a company facts file by concept, unit and period, each with the filings that state it."""

import datetime
import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pydantic import TypeAdapter

from app.datasets.open_data.left_out import LeftOut, leaves
from app.datasets.open_data.periods import edtf_of, span
from app.datasets.open_data.reading import Malformed, fits, items, mapping, words
from app.datasets.open_data.sec.sister_formats import require_company_facts
from app.records.located import FilePlace, Findings, join
from app.records.validation import Value, shown
from app.values.numbers import exact
from app.values.units import Unit

LONGEST_KEYWORD = 60
_UNIT: TypeAdapter[str] = TypeAdapter(Unit)
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
_UNITS = {"shares": "shares", "employee": "people", "employees": "people", "people": "people", "person": "people"}
_PER_SHARE = ("share", "shares")
_KNOWN = ("cik", "entityName", "facts")
_NOT_READ = ("fy", "fp", "frame")


class Filing(NamedTuple):
    """A document and the day of its filing (ISO 8601). Sorts by filing date."""

    filed: str
    accession: str
    form: str


class Statement(NamedTuple):
    """A filing, and the number with the digits that it is filed with: 1.50 is the value 1.5."""

    filing: Filing
    amount: Decimal


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A number in a unit as filed, and the filings that state it, oldest first, with the place of the first one in the file."""

    unit: str
    place: FilePlace
    statements: list[Statement]

    @property
    def amount(self) -> Decimal:
        return self.statements[0].amount

    @property
    def first(self) -> Filing:
        return self.statements[0].filing

    @property
    def last(self) -> Filing:
        return self.statements[-1].filing


@dataclass(frozen=True, slots=True)
class Series:
    """All values of a concept for a period whose units are one unit here. ``days`` is the period as in the file."""

    taxonomy: str
    concept: str
    label: str
    unit: str
    days: str
    period: Value
    values: list[StatedValue] = field(default_factory=list)

    @property
    def edtf(self) -> str:
        return edtf_of(self.period)


class CompanyFacts(NamedTuple):
    """What is taken from a file: the CIK of ten digits, the name, and the values."""

    cik: str
    name: str
    series: list[Series]


def keyword(concept: str, longest: int = LONGEST_KEYWORD) -> str:
    """``NetIncomeLoss`` as ``net_income_loss``. A keyword that is too long is cut and ends in a digest of the concept."""
    word = re.sub(r"[^a-z0-9]+", "_", _WORD_STARTS.sub("_", concept).lower()).strip("_")
    if len(word) <= longest:
        return word
    return f"{word[: longest - 9].rstrip('_')}_{hashlib.sha256(concept.encode()).hexdigest()[:8]}"


def title_in_words(concept: str) -> str:
    """``NetIncomeLoss`` as ``Net income loss``."""
    return keyword(concept).replace("_", " ").capitalize()


def company_facts(value: Value, place: FilePlace, findings: Findings, left_out: LeftOut) -> CompanyFacts:
    """The values of a document. Raises Malformed if it is not a company facts file; malformed values are reported."""
    document = mapping(value, "")
    require_company_facts(document)
    cik = str(document.get("cik", "")).strip()
    if not re.fullmatch(r"\d{1,10}", cik):
        raise Malformed("cik", f"expected a Central Index Key of up to ten digits, not {shown(document.get('cik'))}")
    left_out.skip((name, name, given) for name, given in document.items() if name not in _KNOWN)
    reading = _Reading(place, findings, left_out)
    for taxonomy, concepts in mapping(document.get("facts"), "facts").items():
        for concept, facts in mapping(concepts, f"facts.{taxonomy}").items():
            reading.take_concept(taxonomy, concept, facts)
    sorted_series = [reading.series[key] for key in sorted(reading.series)]
    return CompanyFacts(cik.zfill(10), words(document.get("entityName"), "entityName").strip(), sorted_series)


class _Reading:
    """Reads one file and collects its values."""

    def __init__(self, place: FilePlace, findings: Findings, left_out: LeftOut) -> None:
        self._place = place
        self._findings = findings
        self._left_out = left_out
        self.series: dict[tuple[str, ...], Series] = {}

    def take_concept(self, taxonomy: str, concept: str, value: Value) -> None:
        path = f"facts.{taxonomy}.{concept}"
        try:
            facts = mapping(value, path)
            self._left_out.skip(leaves(facts.get("description"), f"{path}.description", "description"))
            for unit, entries in mapping(facts.get("units"), f"{path}.units").items():
                listed = items(entries, f"{path}.units.{unit}")
                known = known_unit(concept, unit)
                if known is None:
                    for index, entry in enumerate(listed):
                        self._left_out.refuse(f"{taxonomy}.{concept}", f"unit {unit}", entry, f"{path}.units.{unit}[{index}]")
                    continue
                label = facts.get("label")
                series = Series(taxonomy, concept, label if isinstance(label, str) else "", known, "", None)
                for index, entry in enumerate(listed):
                    self._take_entry(series, unit, entry, f"{path}.units.{unit}[{index}]")
        except Malformed as fault:
            self._findings.add(self._place.finding(fault.path, str(fault)))

    def _take_entry(self, series: Series, unit: str, value: Value, path: str) -> None:
        try:
            entry = mapping(value, path)
            amount = _amount(entry.get("val"), join(path, "val"))
            start, end = _days(entry, path)
            filing = _filing(entry, path)
        except Malformed as fault:
            self._findings.add(self._place.finding(fault.path, str(fault)))
            return
        self._left_out.skip([(name, f"{path}.{name}", entry[name]) for name in _NOT_READ if entry.get(name) is not None])
        try:
            exact(amount)
        except ValueError:
            field = f"{series.taxonomy}.{series.concept}"
            self._left_out.refuse(field, "more digits than can be stored", amount, join(path, "val"))
            return
        days = f"{start} to {end}" if start else str(end)
        key = (series.taxonomy, series.concept, series.unit, days)
        if key not in self.series:
            period = span(start or end, end)
            self.series[key] = Series(*key[:2], series.label, series.unit, days, period)
        place = FilePlace(self._place.file, self._place.line, path)
        _add_value(self.series[key], StatedValue(unit, place, [Statement(filing, amount)]))


def _add_value(series: Series, value: StatedValue) -> None:
    """Adds a value, or the filing that states it to the same number in the same unit: other units are other values."""
    same = next((known for known in series.values if (known.amount, known.unit) == (value.amount, value.unit)), None)
    if same is None:
        series.values.append(value)
    elif value.first.accession not in [statement.filing.accession for statement in same.statements]:
        same.statements.append(value.statements[0])
        same.statements.sort()


def known_unit(concept: str, unit: str) -> str | None:
    """The unit in this database: money, alone or per share, shares, people, a count, or a ratio; None without an equivalent."""
    money, _, thing = unit.partition("/")
    if fits(_UNIT, money) and money.isupper() and (not thing or thing.lower() in _PER_SHARE):
        return f"{money.lower()}_per_share" if thing else money
    if unit.lower() in _UNITS:
        return _UNITS[unit.lower()]
    if "NumberOf" in concept and "/" not in unit:
        return "count"
    return "ratio" if unit == "pure" else None


def _amount(value: Value, path: str) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise Malformed(path, "is missing" if value is None else f"expected a number, not {shown(value)}")


@lru_cache(maxsize=16_384)
def _parsed(text: str) -> datetime.date:
    """A file repeats few days many times, and reading one takes longer than all else that is done with a value."""
    return datetime.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, without time or zone


def _day(value: Value, path: str) -> datetime.date:
    text = words(value, path)
    try:
        return _parsed(text)
    except ValueError:
        raise Malformed(path, f"expected a day such as 2024-12-31, not {shown(text)}") from None


def _days(entry: dict[str, Value], path: str) -> tuple[datetime.date | None, datetime.date]:
    """First and last day of a period. An instant has no first day."""
    start = _day(entry["start"], join(path, "start")) if entry.get("start") else None
    end = _day(entry.get("end"), join(path, "end"))
    if start and start > end:
        raise Malformed(join(path, "end"), f"{end} is before the start, {start}")
    return start, end


def _filing(entry: dict[str, Value], path: str) -> Filing:
    accession = words(entry.get("accn"), join(path, "accn"))
    if not _ACCESSION.fullmatch(accession):
        raise Malformed(join(path, "accn"), f"expected an accession number such as 0000320193-24-000006, not {shown(accession)}")
    filed = _day(entry.get("filed"), join(path, "filed"))
    return Filing(filed.isoformat(), accession, words(entry.get("form"), join(path, "form")))
