"""What is asked: six endpoints, the keys of their requests, and their addresses on this API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection, text

from app.api.companies.parameters import CompaniesParameters
from app.http.lists.cursors import encode_cursor
from tests.bench.companies import TRADES, coined_word, country_of, slug_of

Key = Mapping[str, str]
"""What tells one request to an endpoint from another."""

PAGE: Final = 50
HOT_KEYS: Final = 8
"""Requests that are repeated, where repeated ones are asked for."""
_MOST_KEYS = 20_000
_DEEP_ROWS = 5_000
_FIRST_DAYS = tuple(f"{year}-{month:02}-{day:02}" for year in range(2020, 2026) for month in range(1, 13) for day in range(1, 29))


@dataclass(frozen=True)
class Endpoint:
    """One kind of question."""

    name: str
    title: str


ENDPOINTS: Final = (
    Endpoint("company", "one company"),
    Endpoint("list", "list of 50, filtered and sorted"),
    Endpoint("profile", "profile with 15 cited facts"),
    Endpoint("search", "search for a word of 1 % of the companies"),
    Endpoint("suggest", "suggestions for four letters"),
    Endpoint("deep", "page of 50, 90 % in"),
)
TITLES: Final = {endpoint.name: endpoint.title for endpoint in ENDPOINTS}


def keys_of(endpoint: str, companies: int, connection: Connection) -> list[Key]:
    """Up to 20,000 different keys whose answers take equal work, in an order that jumps about."""
    if endpoint in ("company", "profile"):
        return [{"company": slug_of(company)} for company in _jumping(companies)]
    if endpoint == "list":
        pairs = [(country, day) for day in _FIRST_DAYS for country in _countries(companies)]
        return [{"country": pairs[number][0], "to": pairs[number][1]} for number in _jumping(len(pairs))]
    if endpoint == "search":
        words = [spelt for trade in TRADES[:companies] for spelt in _spellings(trade)]
        return [{"q": words[number]} for number in _jumping(len(words))]
    if endpoint == "suggest":
        starts = dict.fromkeys(
            spelt for company in _jumping(companies, 2_000) for spelt in _spellings(coined_word(company)[:4], places=4)
        )
        return [{"q": start} for start in list(starts)[:_MOST_KEYS]]
    return _deep_keys(companies, connection)


def _countries(companies: int) -> list[str]:
    """Those that companies have."""
    return sorted({country_of(company) for company in range(min(companies, 1_000))})


def _jumping(count: int, most: int = _MOST_KEYS) -> Iterator[int]:
    """Different numbers below ``count``, spread over all of them."""
    stride = max(count // most, 1)
    taken = min(count, most)
    return (number * 7919 % taken * stride for number in range(taken))


def _spellings(word: str, places: int = 7) -> list[str]:
    """A word in capitals and small letters, in every way of its first letters: other requests for the same work."""
    cases = product(*((letter, letter.upper()) for letter in word[:places]))
    return ["".join(case) + word[places:] for case in cases]


def _deep_keys(companies: int, connection: Connection) -> list[Key]:
    """Rows after which a page starts, from 90 % in."""
    first = max(companies * 9 // 10 - 1, 0)
    count = max(min(_DEEP_ROWS, companies // 50), 1)
    statement = text("SELECT name_key, id FROM companies ORDER BY name_key, id LIMIT :count OFFSET :first")
    rows = connection.execute(statement, {"count": count, "first": first}).all()
    seal = {"secret": str(connection.execute(text("SELECT cursor_secret FROM revision_head")).scalar_one())}
    found = [seal | {"name_key": row[0], "id": str(row[1]), "row": str(first + number)} for number, row in enumerate(rows)]
    return [found[number] for number in _jumping(len(found))]


def address_of(endpoint: str, key: Key) -> str:
    """The address on this API."""
    if endpoint == "company":
        return f"/v1/companies/{key['company']}"
    if endpoint == "profile":
        return f"/v1/companies/{key['company']}/profile"
    if endpoint == "list":
        return f"/v1/companies?{urlencode({**key, 'sort': 'name', 'limit': PAGE})}"
    if endpoint == "deep":
        scope = CompaniesParameters(sort="name").scope("/v1/companies")
        cursor = encode_cursor([key["name_key"], int(key["id"])], scope, key["secret"])
        return f"/v1/companies?{urlencode({'sort': 'name', 'limit': PAGE, 'cursor': cursor})}"
    return f"/v1/{endpoint}?{urlencode(key)}"


def samples(keys: Sequence[Key]) -> list[Key]:
    """The first, the middle and the last one."""
    return [keys[number] for number in sorted({0, len(keys) // 2, len(keys) - 1})]
