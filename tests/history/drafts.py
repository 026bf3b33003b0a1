"""Records of invented companies, made by chance from few names, so that they meet each other."""

import hashlib
from random import Random
from typing import Any

COMPANIES = ("alder", "birch", "cedar", "dill", "elm")
SOURCES = ("gazette", "report", "register", "atlas")
FACTS = ("first", "second")
KINDS = ("milestones", "products", "metrics")
_NAMES = ("Alder", "Bïrch", "Cédar & Co", "蕨堡", "Elm Works")
_DATES = ("1998", "1999-05", "2004-21", "2010-02-28", "../2012", None)

Fields = dict[str, Any]
"""A JSON object."""


def sentences(random: Random) -> str:
    """A text that begins alike, so that what cites its first two sentences goes on holding; the rest differs."""
    return "Lamps are made. Lamps are sold. " + f"Number {random.randrange(1000)} came later.\n"


def source(random: Random, slug: str) -> Fields:
    """A source with its text."""
    fields = {"slug": slug, "title": f"The {slug} {random.randrange(5)}", "type": random.choice(("article", "report"))}
    return fields | {"published": random.choice(_DATES), "text": sentences(random)}


def citation(random: Random, *, exact: bool = True) -> Fields:
    """A place in a source; not ``exact`` is by its sentence alone."""
    number = random.choice((1, 2))
    start, end = ((0, 15), (16, 31))[number - 1]
    passage = ("Lamps are made.", "Lamps are sold.")[number - 1]
    place: Fields = {"source": random.choice(SOURCES[:3]), "paragraph": 1, "sentence": number}
    digest = hashlib.sha256(passage.encode()).hexdigest()
    return place | {"start": start, "end": end, "sha256": digest} if exact else place


def company(random: Random, slug: str) -> Fields:
    """A company with names and identifiers that others may have too."""
    fields: Fields = {
        "slug": slug,
        "name": random.choice(_NAMES),
        "other_names": [{"name": name} for name in random.sample(_NAMES, random.randrange(3))],
        "country": random.choice(("NO", "CN", None)),
        "founded": random.choice(_DATES),
        "identifiers": [{"scheme": "register", "value": str(n)} for n in random.sample(range(4), random.randrange(3))],
        "citations": [citation(random) for _ in range(random.randrange(3))],
    }
    return {name: value for name, value in fields.items() if value is not None}


def fact(random: Random, kind: str, slug: str) -> Fields:
    """A milestone, product or metric."""
    date = random.choice(_DATES)
    fields: Fields = {"slug": slug, "citations": [citation(random) for _ in range(random.randrange(1, 3))]}
    if kind == "milestones":
        return fields | {"title": random.choice(("Founded", "Listed")), "category": "event", "date": date}
    if kind == "products":
        return fields | {"name": random.choice(("Lamp", "Lantern")), "category": "product", "launched": date}
    value = random.choice((1, 2.5, 1200000))
    period = random.choice(("2020", "2021", None))
    return fields | {"metric": "revenue", "name": "Revenue", "value": value, "unit": "NOK", "period": period}


def dataset(random: Random, *, companies: int) -> Fields:
    """Sources, and some companies with some facts."""
    chosen = random.sample(COMPANIES, companies)
    return {
        "sources": [source(random, slug) for slug in SOURCES[:3]],
        "companies": [
            company(random, slug)
            | {kind: [fact(random, kind, name) for name in random.sample(FACTS, random.randrange(3))] for kind in KINDS}
            for slug in chosen
        ],
    }
