"""A company and its metrics from a file of company facts of EDGAR, the register of the US Securities and Exchange Commission.

The files are those of https://www.sec.gov/search-filings/edgar-application-programming-interfaces, one for each company.
A filing is a source: its text has one paragraph for each value that the file says it states, and metrics cite those.
A value that several filings state for one concept, unit and period is one metric with a citation for each; where a
filing states another value there is another metric, side by side with the first, and the note of each names the other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO

from pydantic import TypeAdapter

from app.datasets.open_data.cited_text import MOST_CITATIONS, CitedText, cite_all
from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.reading import Lines, Malformed, fits
from app.datasets.open_data.sec.sister_formats import MARKUP, is_markup
from app.datasets.open_data.sec.values import Filing, Series, StatedValue, Statement, keyword, title_in_words
from app.datasets.open_data.sec.values import company_facts as parsed
from app.datasets.strict_json import JsonFault
from app.records.located import FilePlace, Findings, LocatedRecord
from app.records.validation import Value, to_record
from app.values.text import Line

_LINE: TypeAdapter[str] = TypeAdapter(Line)
_LONGEST_CONCEPT_IN_SLUG = 41
_LONGEST_CONCEPT_AND_UNIT = 47
_MOST_OTHERS_IN_NOTE = 10
_PUBLISHER = "US Securities and Exchange Commission, EDGAR"


def read(file: str, stream: BinaryIO, findings: Findings, left_out: LeftOut) -> Iterator[LocatedRecord]:
    """The company, then a source for each filing, then the metrics. The whole file is read, up to a size limit."""
    lines = Lines(file, stream)
    if unreadable := lines.fault("company facts as a JSON object"):
        findings.add(unreadable)
        return
    if is_markup(lines.first):
        findings.add(FilePlace(file, lines.line).finding("", MARKUP))
        return
    found = Findings()
    document = lines.document()
    left_out.at(document.place())
    try:
        facts = parsed(document.parse(), document.place(), found, left_out)
        records = _Records(facts.cik, document.place(), found, left_out)
        yield from records.company(facts.name)
        yield from records.facts(facts.series)
    except JsonFault as fault:
        document.add_fault(fault, findings)
        return
    except Malformed as fault:
        found.add(document.place().finding(fault.path, str(fault)))
    document.report(found, findings)


class _Records:
    """The records of one company. Its slug contains its CIK, because a name may change."""

    def __init__(self, cik: str, place: FilePlace, findings: Findings, left_out: LeftOut) -> None:
        self._cik = cik
        self._slug = f"cik-{cik}"
        self._place = place
        self._findings = findings
        self._left_out = left_out

    def company(self, name: str) -> Iterator[LocatedRecord]:
        """The company, and the source that gives its name."""
        text = f"The registrant with the Central Index Key {self._cik} is {name.removesuffix('.')}."
        source: Value = {
            "slug": f"edgar-{self._cik}",
            "title": f"EDGAR company facts of CIK {self._cik}",
            "type": "dataset",
            "publisher": _PUBLISHER,
            "url": f"https://data.sec.gov/api/xbrl/companyfacts/CIK{self._cik}.json",
            "language": "en",
            "text": text,
        }
        company: Value = {
            "slug": self._slug,
            "name": name,
            "identifiers": [{"scheme": "cik", "value": self._cik}],
            "citations": cite_all(f"edgar-{self._cik}", text),
        }
        for record in (
            to_record("source", None, source, self._place, self._findings),
            to_record("company", None, company, self._place, self._findings),
        ):
            if record:
                yield record

    def facts(self, every_series: list[Series]) -> Iterator[LocatedRecord]:
        """The sources and the metrics. Metrics from the same filings are adjacent, so a load needs few texts in memory."""
        texts: dict[str, tuple[Filing, CitedText]] = {}
        metrics: dict[tuple[str, ...], list[tuple[StatedValue, Value]]] = defaultdict(list)
        mixed = _in_several_units(every_series)
        for series in every_series:
            slugs = list(_slugs(series))
            for value, slug in slugs:
                citations = [
                    texts.setdefault(filing.accession, (filing, CitedText(self._source_slug(filing))))[1].cite(
                        _statement(series, amount, value.unit)
                    )
                    for filing, amount in self._cited(value)
                ]
                scope = value.unit if _concept(series) in mixed else None
                key = tuple(filing.accession for filing, _ in value.statements)
                more: dict[str, Value] = {"scope": scope, "note": _note(value, slugs), "citations": citations}
                metrics[key].append((value, self._metric(series, value, slug) | more))
        for filing, text in texts.values():
            source = to_record("source", None, self._source(filing, text), self._place, self._findings)
            if source:
                yield source
        for key in sorted(metrics):
            for value, fields in metrics[key]:
                metric = to_record("metric", self._slug, fields, value.place, self._findings)
                if metric:
                    yield metric

    def _cited(self, value: StatedValue) -> list[Statement]:
        """The oldest filings of a value and the newest one, which tells when it was filed last."""
        if len(value.statements) <= MOST_CITATIONS:
            return value.statements
        for statement in value.statements[MOST_CITATIONS - 1 : -1]:
            reason = f"more than {MOST_CITATIONS} filings of one value"
            self._left_out.pass_over("citations", reason, statement.filing.accession, value.place.path)
        return [*value.statements[: MOST_CITATIONS - 1], value.statements[-1]]

    def _source_slug(self, filing: Filing) -> str:
        """Contains the CIK, because several companies may submit one filing and each file has the facts of one company."""
        return f"edgar-{self._cik}-filing-{filing.accession}"

    def _source(self, filing: Filing, text: CitedText) -> Value:
        folder = f"{int(self._cik)}/{filing.accession.replace('-', '')}"
        return {
            "slug": text.source,
            "title": f"{filing.form} filed {filing.filed} ({filing.accession})",
            "type": "filing",
            "publisher": _PUBLISHER,
            "published": filing.filed,
            "url": f"https://www.sec.gov/Archives/edgar/data/{folder}/{filing.accession}-index.htm",
            "language": "en",
            "note": "The text states what EDGAR's company facts contain for this filing. It is not the text of the filing.",
            "text": text.text,
        }

    def _metric(self, series: Series, value: StatedValue, slug: str) -> dict[str, Value]:
        name = series.label if fits(_LINE, series.label) else title_in_words(series.concept)
        return {
            "slug": slug,
            "metric": keyword(series.concept),
            "name": name,
            "value": value.amount,
            "unit": series.unit,
            "period": series.period,
        }


def _statement(series: Series, amount: Decimal, unit: str) -> str:
    return f"{series.taxonomy}:{series.concept}, {series.days}: {amount:f} {unit}"


def _concept(series: Series) -> tuple[str, str, str]:
    return series.taxonomy, series.concept, series.unit


def _in_several_units(every_series: list[Series]) -> set[tuple[str, str, str]]:
    """The concepts with values in units that are one unit here, such as store and segment. Their scope keeps them apart."""
    units: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for series in every_series:
        units[_concept(series)].update(value.unit for value in series.values)
    return {concept for concept, names in units.items() if len(names) > 1}


def _note(value: StatedValue, slugs: list[tuple[StatedValue, str]]) -> str | None:
    """What other filings state for the same concept, unit and period."""
    others = [(other, slug) for other, slug in slugs if other.unit == value.unit and other is not value]
    if not others:
        return None
    named = [
        f"{other.amount:f} {other.unit}, last filed on {other.last.filed} ({other.last.form}), {slug}"
        for other, slug in sorted(others, key=lambda pair: pair[0].last, reverse=True)[:_MOST_OTHERS_IN_NOTE]
    ]
    named += [f"and {len(others) - len(named)} more"] if len(others) > len(named) else []
    return (
        f"Filings state different values for this period. This one was last filed on {value.last.filed} ({value.last.form}). "
        f"Others: {'; '.join(named)}."
    )


def _slugs(series: Series) -> Iterator[tuple[StatedValue, str]]:
    """The values with their slugs. The slug of the value filed first has no suffix; the others contain the filing date."""
    longest = min(_LONGEST_CONCEPT_IN_SLUG, _LONGEST_CONCEPT_AND_UNIT - len(series.unit))
    concept = keyword(series.concept, longest)
    taxonomy = "" if series.taxonomy == "us-gaap" else f"{series.taxonomy}-"
    edtf = series.edtf.replace("/", "-")
    plain = f"{taxonomy}{concept}-{series.unit}-{edtf}".lower().replace("_", "-")
    given: Counter[str] = Counter()
    for value in sorted(series.values, key=lambda value: (value.first, value.amount)):
        slug = f"{plain}-filed-{value.first.filed}" if given else plain
        given[slug] += 1
        yield value, slug if given[slug] == 1 else f"{slug}-{given[slug]}"
