"""Made-up companies of any number: company 17 is the same on every machine, and the same whether 1,000 or 1,000,000 are made.

Each has 15 facts, and it and each fact cite a source; ten companies share one. Nothing is random: what looks so is a
checksum of the company's number. A name is a coined word and a trade word, and no two are alike; each of the hundred
trade words is in the names of 1 % of the companies and nowhere else.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, TypeVar
from zlib import crc32

from app.values.resources import Kind

Item = TypeVar("Item")
Fields = dict[str, Any]
"""A record as a line of NDJSON has it, without its kind and company."""

PER_COMPANY: Final[Mapping[Kind, int]] = {"company": 1, "milestone": 5, "product": 4, "metric": 6}
COMPANIES_PER_SOURCE: Final = 10
SOURCE_LENGTH: Final = 40_000

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnrv" for vowel in "aeio"]
_COINED = len(_SYLLABLES) ** 3
_FIELDS_OF_TRADE = ("agro", "bio", "cyber", "electro", "geo", "hydro", "micro", "nano", "petro", "solar")
_KINDS_OF_TRADE = ("chem", "craft", "fabrics", "foods", "labs", "logic", "metrics", "motive", "tech", "works")
TRADES: Final = tuple(field + kind for field in _FIELDS_OF_TRADE for kind in _KINDS_OF_TRADE)
COUNTRIES: Final = (
    "AE", "AU", "BR", "CA", "CH", "CN", "DE", "ES", "FR", "GB", "ID", "IN", "IT", "JP", "KR", "MX", "NL", "SE", "SG", "US",
)  # fmt: skip
FIRST_FOUNDED, LAST_FOUNDED = 1950, 2019
_FORMS = ("AG", "GmbH", "Group", "Holdings", "Inc.", "Ltd.", "N.V.", "S.A.")
_EVENTS = (
    ("Opened a second plant", "expansion"),
    ("Entered a new market", "expansion"),
    ("Listed on the exchange", "listing"),
    ("Merged with a rival", "merger"),
    ("Named a new chief executive", "leadership"),
    ("Opened a research centre", "research"),
    ("Signed a supply agreement", "partnership"),
)
_PRODUCTS = (("platform", "Platform"), ("service", "Service"), ("product", "Engine"), ("technology", "Studio"))
_METRICS = (
    ("revenue", "Revenue", "EUR", 1_000_000),
    ("net_income", "Net income", "EUR", 100_000),
    ("employees", "Employees", "people", 1),
    ("customers", "Customers", "count", 10),
    ("market_share", "Market share", "percent", 0),
    ("countries_served", "Countries served", "countries", 0),
)


def checksum(number: int, salt: str) -> int:
    """Between 0 and 2^32 - 1, the same everywhere."""
    return crc32(f"{salt} {number}".encode())


def pick(items: Sequence[Item], number: int, salt: str) -> Item:
    return items[checksum(number, salt) % len(items)]


def coined_word(company: int) -> str:
    """Companies of one trade never share one, up to 6,400,000 companies."""
    position = (company // len(TRADES) * 7919 + company % len(TRADES) * 613) % _COINED
    first, rest = divmod(position, len(_SYLLABLES) ** 2)
    second, third = divmod(rest, len(_SYLLABLES))
    return _SYLLABLES[first] + _SYLLABLES[second] + _SYLLABLES[third]


def slug_of(company: int) -> str:
    return f"{coined_word(company)}-{TRADES[company % len(TRADES)]}-{company}"


def country_of(company: int) -> str:
    return pick(COUNTRIES, company, "country")


def source_slug(source: int) -> str:
    return f"annual-review-{source}"


def source_count(companies: int) -> int:
    return -(-companies // COMPANIES_PER_SOURCE)


def records_of(kind: Kind, company: int) -> Iterator[Fields]:
    """The records of one kind of one company."""
    make = {"company": _company, "milestone": _milestone, "product": _product, "metric": _metric}[kind]
    return (make(company, place) for place in range(PER_COMPANY[kind]))


def source_record(source: int) -> Fields:
    year = 2000 + source % 25
    return {
        "slug": source_slug(source),
        "title": f"Annual review {year}, volume {source}",
        "type": "report",
        "publisher": pick(("Almanac Press", "Register House", "Trade Gazette"), source, "publisher"),
        "published": f"{year}-12",
        "language": "en",
        "length": SOURCE_LENGTH,
        "sha256": sha256(source_slug(source).encode()).hexdigest(),
    }


def _citation(company: int, place: int) -> list[Fields]:
    """Places of a source follow each other: 16 for each of its companies."""
    position = (company % COMPANIES_PER_SOURCE) * 16 + place
    source = source_slug(company // COMPANIES_PER_SOURCE)
    paragraph, sentence = divmod(position, 8)
    start = position * 200
    passage = {"paragraph": paragraph + 1, "sentence": sentence + 1, "start": start, "end": start + 120}
    return [{"source": source, **passage, "sha256": sha256(f"{source} {start}".encode()).hexdigest()}]


def _company(company: int, place: int) -> Fields:
    name = f"{coined_word(company).title()} {TRADES[company % len(TRADES)].title()} {pick(_FORMS, company, 'form')}"
    founded = FIRST_FOUNDED + checksum(company, "founded") % (LAST_FOUNDED - FIRST_FOUNDED + 1)
    return {
        "slug": slug_of(company),
        "name": name,
        "country": country_of(company),
        "founded": f"{founded}-{checksum(company, 'month') % 12 + 1:02}",
        "summary": "Makes and sells goods and services for other companies.",
        "identifiers": [{"scheme": "register", "value": f"R{company:08}"}],
        "citations": _citation(company, place),
    }


def _milestone(company: int, place: int) -> Fields:
    title, category = pick(_EVENTS, company * 8 + place, "event") if place else ("Founded", "founding")
    year = 1960 + checksum(company * 8 + place, "year") % 60
    return {
        "slug": f"milestone-{place + 1}",
        "title": title,
        "description": f"The review tells of it as step {place + 1} on the way of the company.",
        "category": category,
        "date": f"{year}-{checksum(company * 8 + place, 'month') % 12 + 1:02}",
        "citations": _citation(company, 1 + place),
    }


def _product(company: int, place: int) -> Fields:
    category, word = _PRODUCTS[place]
    return {
        "slug": f"product-{place + 1}",
        "name": f"{coined_word(company).title()} {word}",
        "description": "Sold to companies and to public bodies.",
        "category": category,
        "launched": str(1990 + checksum(company * 8 + place, "launched") % 35),
        "citations": _citation(company, 6 + place),
    }


def _metric(company: int, place: int) -> Fields:
    metric, name, unit, scale = _METRICS[place]
    drawn = checksum(company * 8 + place, "value")
    return {
        "slug": f"metric-{place + 1}",
        "metric": metric,
        "name": name,
        "value": drawn % 100_000 * scale if scale else drawn % 1000 / 10 if unit == "percent" else drawn % 190 + 1,
        "unit": unit,
        "qualifier": pick(("exact", "about", "more_than"), company * 8 + place, "qualifier"),
        "period": str(2000 + checksum(company, "period") % 25),
        "citations": _citation(company, 10 + place),
    }
