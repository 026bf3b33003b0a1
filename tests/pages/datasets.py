"""Datasets for the pages: every kind of date and number, and texts that try to be markup."""

import json
from typing import Any

import seed
from app.records.passages import digest

DEMO = seed.demo_files()[0].read_text("utf-8")

TEXT = """A Bicycle Company

The company was founded in spring 2009. Revenue in 2019 was about 1.2 million euros. It then had 40 employees.

In 2020 revenue rose to 1.5 million euros. The first electric bicycle followed between 2012 and 2014, it is said.
"""
DATES = (
    "2014-05-06", "2014-05", "2014", "2000-40", "201X", "19XX", "2012/2014", "2014/..", "../2014", "2014?", "2014~", "2014%",
    "2009-21", "2012~/2014", "2023-34",
)  # fmt: skip
QUALIFIERS = ("exact", "about", "more_than", "at_least", "less_than", "at_most")
HELD = {"slug": "held", "title": "A report", "type": "report", "publisher": "The Bell", "published": "2021-03", "language": "en"}
COPY = "Another report\n\nBicycles 🚲 are old.\n\nIt sold 40 of them 🚲 in 2019. More followed.\n"
"""What the server does not hold. Its characters are not all of one UTF-16 unit."""
_SOLD = "40 of them 🚲 in 2019"
OTHER = {
    "slug": "other",
    "title": "Another report",
    "type": "report",
    "length": len(COPY),
    "sha256": digest(COPY),
    "body_start": 16,
}
IN_OTHER = {
    "source": "other", "paragraph": 2, "sentence": 1, "start": COPY.index(_SOLD), "end": COPY.index(_SOLD) + len(_SOLD),
    "sha256": digest(_SOLD),
}  # fmt: skip


def _quoted(words: str) -> dict[str, str]:
    return {"source": "held", "quote": words}


def _revenue(year: int, value: int, qualifier: str = "exact", **more: object) -> dict[str, Any]:
    fields = {
        "slug": f"revenue-{year}",
        "metric": "revenue",
        "name": "Revenue",
        "unit": "EUR",
        "value": value,
        "period": str(year),
    }
    return {**fields, "qualifier": qualifier, "citations": [IN_OTHER], **more}


COMPANY: dict[str, Any] = {
    "slug": "wheel-works",
    "name": "Wheel Works",
    "other_names": [{"name": "车轮厂", "language": "zh"}],
    "country": "NL",
    "identifiers": [{"scheme": "website", "value": "https://wheels.example"}],
    "milestones": [
        {"slug": f"date-{number}", "title": f"Event of {date}", "category": "launch", "date": date, "citations": [IN_OTHER]}
        for number, date in enumerate(DATES)
    ]
    + [{"slug": "undated", "title": "Undated", "category": "launch", "citations": [IN_OTHER]}],
    "products": [
        {
            "slug": "electric-bicycle",
            "name": "Electric bicycle",
            "category": "product",
            "launched": {"edtf": "2012/2014", "text": "between 2012 and 2014"},
            "citations": [_quoted("The first electric bicycle followed between 2012 and 2014, it is said.")],
        }
    ],
    "metrics": [
        _revenue(2018, 1_100_000),
        _revenue(2019, 1_200_000, "about", citations=[_quoted("about 1.2 million euros")], stated_as="about 1.2 million euros"),
        _revenue(2020, 1_500_000, citations=[_quoted("rose to 1.5 million euros")]),
        _revenue(2021, 1_800_000),
        _revenue(2021, 1_750_000, slug="revenue-2021-other", citations=[_quoted("In 2020 revenue rose to 1.5 million euros.")]),
        _revenue(2022, 2_000_000, "more_than"),
        _revenue(2023, 2_500_000, "at_most"),
        _revenue(2024, 3_000_000, slug="revenue-unstated", period=None, note="The report names no year."),
        {
            **_revenue(2019, 40, slug="employees", metric="employees", name="Employees", unit="people"),
            "equivalent": {"value": 20, "unit": "count", "stated_as": "twenty"},
        },
    ],
}
DRAWN = json.dumps({"sources": [{**HELD, "text": TEXT, "body_start": 19}, OTHER], "companies": [COMPANY]})

SCRIPT = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>"
LONG = "very long name " * 19 + "without end"
RIGHT_TO_LEFT = "שלום עולם"
_GREW = {"source": "hostile-report", "quote": "It grew."}
_REPORT = {
    **HELD,
    "slug": "hostile-report",
    "title": SCRIPT,
    "publisher": LONG,
    "text": f"Title\n\n{SCRIPT} It grew.\n",
    "body_start": 7,
}


def _named(name: str, number: int, **more: object) -> dict[str, Any]:
    return {**_revenue(2010 + number, 10**number, slug=f"m-{number}"), "name": name, **more}


_HOSTILE_COMPANY = {
    "slug": "hostile",
    "name": SCRIPT,
    "summary": SCRIPT,
    "note": "{{ 7 * 7 }} {% raw %}",
    "other_names": [{"name": RIGHT_TO_LEFT, "language": "he"}, {"name": "x" * 300}],
    "founded": {"edtf": "2000?", "text": SCRIPT},
    "identifiers": [{"scheme": "website", "value": "https://x.example/'onclick='a'"}, {"scheme": "other", "value": SCRIPT}],
    "milestones": [
        {"slug": "one", "title": LONG, "category": "launch", "date": "2001", "scope": SCRIPT, "citations": [_GREW]},
        {"slug": "two", "title": RIGHT_TO_LEFT, "category": "launch", "citations": [_GREW]},
    ],
    "products": [{"slug": "p", "name": "y" * 300, "category": "product", "citations": [IN_OTHER]}],
    "metrics": [
        _named(SCRIPT, 3, stated_as=SCRIPT, scope=LONG),
        _named(SCRIPT, 14, stated_as=SCRIPT, scope=LONG),
        _named("z" * 300, 5, period=None, note=SCRIPT),
    ],
}
HOSTILE = json.dumps({"sources": [_REPORT, OTHER], "companies": [_HOSTILE_COMPANY]}, ensure_ascii=False)
