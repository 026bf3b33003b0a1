"""Random datasets, and what lists of them must hold, said in plain Python."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from hypothesis import strategies as st

from app.values.text import fold


class Date(NamedTuple):
    """A date as written, and its bounds as a person reads them."""

    edtf: str
    earliest: str | None
    latest: str | None
    uncertain: bool = False


DATES = (
    Date("2000-40", "2000-01-01", "2000-06-30"),
    Date("2000", "2000-01-01", "2000-12-31"),
    Date("2000-01-01", "2000-01-01", "2000-01-01"),
    Date("200X", "2000-01-01", "2009-12-31"),
    Date("2000-02", "2000-02-01", "2000-02-29"),
    Date("2000?", "2000-01-01", "2000-12-31", uncertain=True),
    Date("2000-06-30~", "2000-06-30", "2000-06-30", uncertain=True),
    Date("../2000", None, "2000-12-31"),
    Date("2000-06-30/..", "2000-06-30", None),
    Date("0001-01-02", "0001-01-02", "0001-01-02"),
    Date("9999", "9999-01-01", "9999-12-31"),
)
NAMES = (
    "Alpha",
    "ALPHA",
    "álpha",
    "Alpha Beta",
    "百度",
    "~",
    "😀",
    "\uffee",
    "Zeta",
    "ﬁ",
    "ß",
    "a" * 300,
    "ﷺ" * 300,
    "\uff21lpha",
)
SLUGS = ("a", "a-b", "ab", "a0", "b", "0", "z9", "za")
WRITTEN = ("0", "1", "-1", "0.1", "-0.1", "1e-40", "-1e-40", "999999999999999e3", "-999999999999999e3", "0.30000000000001")
# SQLite converts them to a double that is one unit off the nearest one.
BADLY_ROUNDED = ("37723891.2805009", "87087.073847656", "632357843256069e-25", "522913185995510e-40")
VALUES = tuple(map(Decimal, WRITTEN + BADLY_ROUNDED))
DECIMALS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(1 - 10**15, 10**15 - 1), st.integers(-40, 3)
)
SOURCE = {"kind": "source", "slug": "report", "title": "Report", "length": 1000, "sha256": "0" * 64}


@dataclass(frozen=True)
class Item:
    """A company, a source or a fact: what lists filter and sort it by. ``company`` is that of a fact."""

    kind: str
    slug: str
    name: str = ""
    company: str | None = None
    date: Date | None = None
    word: str | None = None
    value: Decimal = Decimal(0)
    place: int = 0
    revision: int = 0

    @property
    def key(self) -> tuple[str | None, str, str]:
        return self.company, self.kind, self.slug

    def line(self) -> str:
        """The item as a line of a dataset."""
        date_field, word_field, name_field = _FIELDS[self.kind]
        record: dict[str, object] = {"kind": self.kind, "slug": self.slug, name_field: self.name}
        record |= {date_field: self.date.edtf if self.date else None, word_field: self.word}
        if self.kind == "source":
            return json.dumps(SOURCE | record | {word_field: "report"})
        place = {
            "source": "report",
            "paragraph": 1,
            "sentence": 1,
            "start": self.place,
            "end": self.place + 9,
            "sha256": "0" * 64,
        }
        if self.company is not None:
            record |= {"company": self.company, "citations": [place]}
        if self.kind != "metric":
            return json.dumps(record)
        return json.dumps(record | {"unit": "ratio", "name": self.name})[:-1] + f',"value":{self.value:f}}}'


# The fields that hold the date, the word and the name of each kind.
_FIELDS = {
    "company": ("founded", "country", "name"),
    "source": ("published", "type", "title"),
    "milestone": ("date", "category", "title"),
    "product": ("launched", "category", "name"),
    "metric": ("period", "metric", "name"),
}

Sorts: TypeAlias = dict[str, Callable[[Item], object]]


def _day(item: Item) -> str | None:
    return (item.date.earliest or item.date.latest) if item.date else None


_SLUG: Sorts = {"slug": lambda item: item.slug}
_NAME: Sorts = {"name": lambda item: fold(item.name)}
_COMPANY: Sorts = {"company": lambda item: item.company}
_SORTS: dict[str, Sorts] = {
    "companies": _SLUG | _NAME | {"country": lambda item: item.word, "founded": _day},
    "sources": _SLUG | {"title": lambda item: fold(item.name), "published": _day},
    "milestones": _SLUG | {"date": _day},
    "products": _SLUG | _NAME | {"launched": _day},
    "metrics": _SLUG | {"metric": lambda item: item.word, "period": _day, "value": lambda item: item.value},
    "facts": {"place": lambda item: item.place},
}
"""The sort keys of each list, and what they compare; None comes last in both directions."""


def sorts_of(path: str) -> Sorts:
    name = path.rpartition("/")[2]
    return _SORTS[name] | (_COMPANY if path.count("/") == 2 and name in ("milestones", "products", "metrics") else {})


def members(items: Iterable[Item], path: str) -> list[Item]:
    """The items of a list without filters."""
    _, _, _, *rest = path.split("/")
    if rest and rest[-1] == "facts":
        return [item for item in items if item.company is not None]
    company = rest[0] if rest else None
    kind = {"companies": "company"}.get(path.rpartition("/")[2], path.rpartition("/")[2].removesuffix("s"))
    return [item for item in items if item.kind == kind and (company is None or item.company == company)]


def in_order(items: Iterable[Item], sort: str, sorts: Sorts) -> list[Item]:
    """By the first key, then the second, at last by the order in which they were recorded, in the direction of the last key."""
    descends: dict[str, bool] = {}
    for part in sort.split(","):
        descends.setdefault(part.removeprefix("-"), part.startswith("-"))
    found = sorted(items, key=lambda item: item.revision, reverse=list(descends.values())[-1])
    for name, descending in reversed(descends.items()):
        compared = sorts[name]
        known = [item for item in found if compared(item) is not None]
        known.sort(key=compared, reverse=descending)  # type: ignore[arg-type] # one key has values of one type
        found = known + [item for item in found if compared(item) is None]
    return found


def matches(item: Item, query: dict[str, str]) -> bool:
    """Whether an item is in the range of dates and numbers that a query asks for."""
    value_is_in = Decimal(query.get("minimum", "-1e19")) <= item.value <= Decimal(query.get("maximum", "1e19"))
    if "dated" in query and (item.date is not None) != (query["dated"] == "true"):
        return False
    if not {"from", "to", "certain"} & query.keys():
        return value_is_in
    if item.date is None:
        return False
    first, last = query.get("from", "0001-01-01"), query.get("to", "9999-12-31")
    earliest, latest = item.date.earliest or "0000", item.date.latest or "9999-99"
    if "certain" not in query:
        return value_is_in and latest >= first and earliest <= last
    starts, ends = "from" not in query or earliest >= first, "to" not in query or latest <= last
    return value_is_in and not item.date.uncertain and starts and ends


@st.composite
def datasets(draw: st.DrawFn) -> list[Item]:
    """A source, some companies and facts about them, each address once."""
    slugs = draw(st.lists(st.sampled_from(SLUGS), min_size=1, max_size=6, unique=True))
    companies = st.sampled_from(slugs)
    dates, names = st.none() | st.sampled_from(DATES), st.sampled_from(NAMES)
    words = {"milestone": ("launch", "research"), "product": ("service", "platform"), "metric": ("revenue", "users")}
    items = [
        Item("source", slug, draw(names), date=draw(dates))
        for slug in ("report", *draw(st.sets(st.sampled_from(SLUGS), max_size=4)))
    ]
    items += [
        Item("company", slug, draw(names), date=draw(dates), word=draw(st.sampled_from([None, "CN", "NO"]))) for slug in slugs
    ]
    facts = st.builds(
        lambda kind, item: replace(item, kind=kind, word=words[kind][item.place % 2]),
        st.sampled_from(sorted(words)),
        st.builds(
            Item,
            st.just(""),
            st.sampled_from(SLUGS),
            names,
            companies,
            dates,
            value=st.sampled_from(VALUES) | DECIMALS,
            place=st.integers(0, 9),
        ),
    )
    return items + draw(st.lists(facts, max_size=40, unique_by=lambda item: item.key))


@st.composite
def queries(draw: st.DrawFn, path: str, numbers: Sequence[Decimal]) -> dict[str, str]:
    """A sort of one to three keys and, often, filters."""
    names = draw(st.lists(st.sampled_from(sorted(sorts_of(path))), min_size=1, max_size=3))
    query = {"sort": ",".join(draw(st.sampled_from(["", "-"])) + name for name in names), "limit": str(draw(st.integers(1, 9)))}
    if not path.endswith("/facts") and draw(st.booleans()):
        days = sorted(
            draw(
                st.tuples(
                    *[st.sampled_from(["1999-12-31", "2000-01-01", "2000-02-29", "2000-06-30", "2009-12-31", "9999-12-31"])] * 2
                )
            )
        )
        query |= draw(st.sampled_from([{}, {"from": days[0]}, {"to": days[1]}, {"from": days[0], "to": days[1]}]))
        query |= draw(st.sampled_from([{}, {"certain": "true"}, {"dated": "true"}, {"dated": "false"}]))
    if path.endswith("/metrics") and draw(st.booleans()):
        bounds = sorted(draw(st.tuples(*[st.sampled_from([Decimal(0), *numbers])] * 2)))
        query |= draw(
            st.sampled_from(
                [
                    {"minimum": f"{bounds[0]:f}"},
                    {"maximum": f"{bounds[1]:f}"},
                    {"minimum": f"{bounds[0]:f}", "maximum": f"{bounds[1]:f}"},
                ]
            )
        )
    return query
