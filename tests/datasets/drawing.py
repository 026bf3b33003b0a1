"""Random records of datasets, in the form that people and programs write."""

import json
import re
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from app.values.text import INVISIBLE

Fields = dict[str, Any]

slugs = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3})?", fullmatch=True)
keywords = st.from_regex(r"[a-z0-9]{1,6}(_[a-z0-9]{1,3})?", fullmatch=True)
turning = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))  # the direction of the text: no name may hold them
printable = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=f"\ufffe\uffff{turning}")
tricky = st.sampled_from(
    [
        "NO",
        "yes",
        "~",
        "null",
        "true",
        "1e5",
        "-0",
        "0x1F",
        "1_000",
        "2014-05-06",
        "12:30:00",
        "- a",
        "a: b",
        "#",
        "'",
        '"',
        "<<",
        "=",
        "{",
        "&a",
    ]
)
lines = st.one_of(tricky, st.text(printable, min_size=1, max_size=20).filter(re.compile(f"[^{INVISIBLE}]").search))
paragraphs = st.one_of(lines, st.text(printable | st.sampled_from("\n\t"), min_size=1, max_size=60).filter(str.strip))
numbers = st.decimals(-(10**14), 10**14, places=0) | st.integers(-(10**14), 10**14).map(lambda n: Decimal(n).scaleb(-7))
dates = st.sampled_from(["2014", "2000-40", "2012/2014", "2014/..", "201X", "2014-05~"])
date_words = lines.filter(lambda line: not re.search(r"\d", line))  # words that name another time are refused
date_records = dates | st.builds(lambda edtf, text: {"edtf": edtf, "text": text}, dates, date_words)


def records(kind: str, required: Fields, **rest: st.SearchStrategy[Any]) -> st.SearchStrategy[Fields]:
    return st.fixed_dictionaries({"kind": st.just(kind), **required}, optional={"note": paragraphs, **rest})


texts = st.text(printable | st.sampled_from("\n\t"), max_size=80).map(lambda text: text + "\n\nSaid so.")
titled: Fields = {"type": keywords, "title": lines}
published: Fields = {"authors": st.lists(lines, max_size=2), "published": date_records, "publisher": lines}
published["original_url"] = st.sampled_from(["https://fern.example/a?b=c#d", "http://例え.example/é"])
extent: Fields = {"length": st.integers(50, 99), "sha256": st.just("0" * 64)}
sources = st.tuples(
    records("source", {**titled, "slug": st.just("with-text"), "text": texts}, **published),
    records("source", {**titled, "slug": st.just("without"), **extent}, **published),
)

place: Fields = {"source": "without", "paragraph": 1, "sentence": 1, "start": 0, "end": 50, "sha256": "1" * 64}
cited: Fields = {"citations": st.lists(st.sampled_from([place, {**place, "start": 3}]), min_size=1, max_size=2)}
names = st.fixed_dictionaries({"name": lines}, optional={"language": st.sampled_from(["zh", "no", "en-GB"])})
identifiers = st.fixed_dictionaries({"scheme": keywords.filter(lambda scheme: scheme != "lei"), "value": lines})
companies = records(
    "company",
    {"name": lines},
    country=st.sampled_from(["NO", "CN"]),
    founded=date_records,
    summary=paragraphs,
    other_names=st.lists(names, max_size=2),
    identifiers=st.lists(identifiers, max_size=1),
    **cited,
)

titles: Fields = {"title": lines, "category": keywords, **cited}
offers: Fields = {"name": lines, "category": keywords, **cited}
measures: Fields = {"metric": keywords, "name": lines, "value": numbers, "unit": st.sampled_from(["NOK", "people"]), **cited}
equivalents = st.fixed_dictionaries({"value": numbers, "unit": st.just("USD")}, optional={"stated_as": lines})
qualified: Fields = {"qualifier": st.sampled_from(["exact", "about"]), "stated_as": lines, "equivalent": equivalents}
facts = [
    records("milestone", titles, description=paragraphs, date=date_records, scope=lines),
    records("product", offers, description=paragraphs, launched=date_records),
    records("metric", measures, period=date_records, scope=lines, **qualified),
]


def dumped(fields: Fields) -> str:
    return json.dumps(fields, default=lambda number: int(number) if number == int(number) else float(number))
