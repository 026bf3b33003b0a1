"""The records of one Wikidata item: its sources, the company, and its milestones and metrics.

A statement whose reference names a URL or a work cites that reference, which becomes a source of this item. Other statements
cite the item itself. The texts of these sources state what Wikidata says, in this program's words. The referenced documents
were not read, and the note of each source says so.
"""

import hashlib
from collections.abc import Iterator

from pydantic import TypeAdapter

from app.datasets.open_data.cited_text import MOST_CITATIONS, CitedText
from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.periods import edtf_of
from app.datasets.open_data.reading import fits, items, mapping, words
from app.datasets.open_data.wikidata import items as known
from app.datasets.open_data.wikidata.codes import Codes
from app.datasets.open_data.wikidata.dates import date_of, event_date, note_of_future, period_of, stated
from app.datasets.open_data.wikidata.identifiers import identifiers_of
from app.datasets.open_data.wikidata.names import names_of, summary_of
from app.datasets.open_data.wikidata.statements import (
    SOME_VALUE,
    Statement,
    Unsupported,
    amount_of,
    best,
    item_of,
    statements,
    value_of,
)
from app.records.located import FilePlace, Findings, LocatedRecord
from app.records.validation import Value, to_record
from app.values.dates import now
from app.values.resources import Kind
from app.values.text import Line, WebUrl

_WEB_URL: TypeAdapter[str] = TypeAdapter(WebUrl)
_LINE: TypeAdapter[str] = TypeAdapter(Line)
_TIMES = (known.POINT_IN_TIME, known.EARLIEST, known.LATEST, known.START, known.END)
_TAKEN = ("id", "type", "modified", "labels", "aliases", "descriptions", "claims", "sitelinks")
_ITEM_NOTE = "The text states what this item says, as far as this database can store it."
_REFERENCE_NOTE = "The text states what Wikidata item {} says with reference to this document. The document itself was not read."


class ItemRecords:
    """Builds the records of one item."""

    def __init__(
        self, entity: dict[str, Value], place: FilePlace, known_codes: Codes, findings: Findings, left_out: LeftOut
    ) -> None:
        self._entity = entity
        self._item = words(entity.get("id"), "id")
        self._slug = f"wikidata-{self._item.lower()}"
        self._claims = mapping(entity.get("claims") or {}, "claims")
        self._day = str(entity.get("modified") or now().isoformat())[:10]
        self._place = place
        self._codes = known_codes
        self._findings = findings
        self._left_out = left_out
        self._text = CitedText(self._slug)
        self._references: dict[str, tuple[CitedText, dict[str, Value]]] = {}

    def records(self) -> Iterator[LocatedRecord]:
        """The sources, then the company, then its facts. Raises Malformed."""
        company = self._company()
        if company is None:
            self._left_out.refuse("entities", "without a label", self._item)
            return
        facts = [*self._events(company), *self._metrics()]
        self._count_rest()
        for source in (self._source(), *(self._reference_source(*given) for given in self._references.values())):
            yield from self._made("source", None, source)
        yield from self._made("company", None, company)
        for kind, fact in facts:
            yield from self._made(kind, self._slug, fact)

    def _made(self, kind: Kind, company: str | None, fields: Value) -> Iterator[LocatedRecord]:
        record = to_record(kind, company, fields, self._place, self._findings)
        if record:
            yield record

    def _company(self) -> dict[str, Value] | None:
        names = names_of(self._entity, self._left_out)
        if names is None:
            return None
        company: dict[str, Value] = {"slug": self._slug, "name": names.name, "other_names": names.others}
        company["citations"] = [self._text.cite(f"{self._item}, label: {names.name}")]
        company |= summary_of(self._entity, self._left_out)
        company["identifiers"] = identifiers_of(self._item, self._unlimited, self._left_out)
        codes = {}
        for statement in self._unlimited(known.COUNTRY):
            try:
                codes[self._codes.country(item_of(statement.value))] = statement
            except Unsupported as reason:
                self._refuse(statement, str(reason))
        if len(codes) == 1:
            company["country"], statement = next(iter(codes.items()))
            citations = self._cite(statement, f"country {item_of(statement.value)} ({company['country']})")
            company["citations"] = [*items(company["citations"], "citations"), *citations][:MOST_CITATIONS]
        else:
            for statement in codes.values():
                self._refuse(statement, "several countries")
        return company

    def _best(self, name: str) -> list[Statement]:
        return best(statements(self._claims, name, "claims", self._left_out), self._left_out, self._day)

    def _unlimited(self, name: str) -> list[Statement]:
        """The best statements without those about a part or in dispute."""
        found = self._best(name)
        for statement in found:
            if statement.limit:
                self._refuse(statement, statement.limit)
        return [statement for statement in found if not statement.limit]

    def _refuse(self, statement: Statement, reason: str) -> None:
        self._left_out.refuse(f"claims.{statement.name}", reason, statement.value, statement.path)

    def _events(self, company: dict[str, Value]) -> Iterator[tuple[Kind, Value]]:
        for name, event in known.EVENTS.items():
            founded: dict[str, Value] = {}
            for statement in self._best(name):
                try:
                    explained = statement.require_qualifiers(*known.BOUNDS)
                    date, said = event_date(statement)
                except Unsupported as reason:
                    self._refuse(statement, str(reason))
                    continue
                self._pass_over(statement, explained)
                citations = self._cite(statement, f"{event.label} {said}")
                founded[edtf_of(date)] = date
                yield (
                    "milestone",
                    {
                        "slug": f"{event.slug}-{statement.suffix}",
                        "title": event.title,
                        "category": event.category,
                        "date": date,
                        "note": note_of_future(date, self._day),
                        "citations": citations,
                    },
                )
                if event.slug == "founded":
                    company["citations"] = [*items(company["citations"], "citations"), *citations][:MOST_CITATIONS]
            if event.slug == "founded" and len(founded) == 1:
                company["founded"] = next(iter(founded.values()))

    def _metrics(self) -> Iterator[tuple[Kind, Value]]:
        for name, metric in known.METRICS.items():
            for statement in statements(self._claims, name, "claims", self._left_out):
                try:
                    explained = statement.require_qualifiers(*_TIMES, limiting=known.LIMITING_AMOUNTS)
                    fields = self._metric(statement, metric)
                except Unsupported as reason:
                    self._refuse(statement, str(reason))
                    continue
                self._pass_over(statement, explained)
                yield "metric", fields

    def _metric(self, statement: Statement, metric: known.MetricProperty) -> dict[str, Value]:
        """Raises Unsupported."""
        amount = amount_of(statement)
        period = period_of(statement)
        is_unknown = period is None and any(SOME_VALUE in statement.qualifiers.get(name, []) for name in _TIMES)
        if metric.unit is None:
            unit = self._codes.currency(amount.item, edtf_of(period) if period else None)
            filed = f"{amount.filed} {amount.item} ({unit})"
        elif amount.item == known.NO_UNIT:
            unit, filed = metric.unit, amount.filed
        else:
            raise Unsupported(f"unit {amount.item[:20]} in place of a number without unit")
        time = f", {stated(period)}" if period else ", at an unknown time" if is_unknown else ""
        return {
            "slug": f"{metric.keyword.replace('_', '-')}-{statement.suffix}",
            "metric": metric.keyword,
            "name": metric.name,
            "value": amount.number,
            "unit": unit,
            "qualifier": amount.qualifier,
            "period": period,
            "note": "Time unknown (some value) in Wikidata." if is_unknown else note_of_future(period, self._day),
            "citations": self._cite(statement, f"{metric.name.lower()}{time}: {filed}"),
        }

    def _pass_over(self, statement: Statement, qualifiers: list[str]) -> None:
        """Reports the qualifiers of a statement that is used."""
        for name in qualifiers:
            words = known.NOT_LIMITING.get(name)
            reason = f"qualifier {name}, {f'{words}, which does not limit it' if words else 'which is not known to limit it'}"
            given = statement.qualifiers[name]
            self._left_out.pass_over(f"claims.{statement.name}", reason, given, f"{statement.path}.qualifiers.{name}")

    def _cite(self, statement: Statement, says: str) -> list[Value]:
        line = f"{self._item}, {statement.name} {says} (statement {statement.suffix})"
        texts = {}
        for reference in statement.references:
            text = self._reference(reference)
            if text is None:
                self._left_out.pass_over("references", "neither a URL nor a work", dict(reference), statement.path)
            else:
                texts[text.source] = text
        return [text.cite(line) for text in [*texts.values()][:MOST_CITATIONS] or [self._text]]

    def _reference(self, reference: dict[str, list[Value]]) -> CitedText | None:
        """The text of a reference's source. The first statement with a reference creates the source."""
        given = next((url for url in reference.get(known.REFERENCE_URL, []) if fits(_WEB_URL, url)), None)
        work = next((item_of(value) for value in reference.get(known.STATED_IN, []) if item_of(value)), None)
        if given is None and work is None:
            return None
        url = str(given) if given else f"https://www.wikidata.org/wiki/{work}"
        if url not in self._references:
            title = next((value.get("text") for value in reference.get(known.TITLE, []) if isinstance(value, dict)), None)
            plain = url[:300] if given else f"The work described by Wikidata item {work}"
            source: dict[str, Value] = {"url": url, "title": title if fits(_LINE, title) else plain, "type": "page"}
            published = reference.get(known.PUBLISHED)
            try:
                source["published"] = date_of(published[0]) if published else None
            except Unsupported as reason:
                self._left_out.refuse(f"references.{known.PUBLISHED}", str(reason), published[0] if published else None)
            text = CitedText(f"{self._slug}-{hashlib.sha256(url.encode()).hexdigest()[:12]}")
            self._references[url] = text, source
        return self._references[url][0]

    def _source(self) -> Value:
        return {
            "slug": self._slug,
            "title": f"Wikidata item {self._item}",
            "type": "dataset",
            "publisher": "Wikidata",
            "url": f"https://www.wikidata.org/wiki/{self._item}",
            "language": "en",
            "note": _ITEM_NOTE,
            "text": self._text.text,
        }

    def _reference_source(self, text: CitedText, given: dict[str, Value]) -> Value:
        note = _REFERENCE_NOTE.format(self._item)
        return given | {"slug": text.source, "language": "en", "note": note, "text": text.text}

    def _count_rest(self) -> None:
        """Counts the parts of the item that are not read."""
        read = {known.COUNTRY, known.EXCHANGE, *known.IDENTIFIERS, *known.EVENTS, *known.METRICS}
        for name, listed in self._claims.items():
            if name not in read:
                claims = enumerate(items(listed, f"claims.{name}"))
                self._left_out.skip((f"claims.{name}", f"claims.{name}[{index}]", value_of(claim)) for index, claim in claims)
        links = mapping(self._entity.get("sitelinks") or {}, "sitelinks")
        self._left_out.skip(("sitelinks", f"sitelinks.{name}", link) for name, link in links.items())
        self._left_out.skip((name, name, given) for name, given in self._entity.items() if name not in _TAKEN)
