"""The Wikidata items and properties that this program knows.

Entities refer to each other by number, so the meaning of each number is listed here. Countries and currencies are in
``codes.py``.
"""

from typing import Final, NamedTuple


class MetricProperty(NamedTuple):
    """The metric of a property. ``unit`` is None for amounts of money, whose currency is in the statement."""

    keyword: str
    name: str
    unit: str | None


class EventProperty(NamedTuple):
    """The milestone of a property. ``label`` is Wikidata's name of the property."""

    label: str
    slug: str
    title: str
    category: str


METRICS: Final = {
    "P1128": MetricProperty("employees", "Employees", "people"),
    "P2139": MetricProperty("revenue", "Total revenue", None),
    "P2295": MetricProperty("net_profit", "Net profit", None),
    "P3362": MetricProperty("operating_income", "Operating income", None),
    "P2403": MetricProperty("total_assets", "Total assets", None),
    "P2137": MetricProperty("total_equity", "Total equity", None),
    "P2226": MetricProperty("market_capitalization", "Market capitalization", None),
}
EVENTS: Final = {
    "P571": EventProperty("inception", "founded", "Founded", "founding"),
    "P576": EventProperty("dissolved", "dissolved", "Dissolved", "dissolution"),
}
IDENTIFIERS: Final = {"P1278": "lei", "P946": "isin", "P249": "ticker", "P5531": "cik", "P856": "website"}
COUNTRY, EXCHANGE, TICKER = "P17", "P414", "P249"
POINT_IN_TIME, START, END = "P585", "P580", "P582"
EARLIEST, LATEST = "P1319", "P1326"
BOUNDS: Final = frozenset({EARLIEST, LATEST, START, END})
CIRCUMSTANCES, CIRCA = "P1480", "Q5727902"
NOT_LIMITING: Final = {
    "P17": "country",
    "P112": "founded by",
    "P131": "located in",
    "P143": "imported from",
    "P155": "follows",
    "P156": "followed by",
    "P159": "headquarters location",
    "P248": "stated in",
    "P276": "location",
    "P407": "language",
    "P459": "determination method",
    "P577": "publication date",
    "P740": "location of formation",
    "P793": "significant event",
    "P805": "statement is subject of",
    "P813": "retrieved",
    "P828": "has cause",
    "P854": "reference URL",
    "P887": "based on heuristic",
    "P973": "described at URL",
    "P1013": "criterion used",
    "P1343": "described by source",
    "P1365": "replaces",
    "P1366": "replaced by",
    "P1476": "title",
    "P1478": "has immediate cause",
    "P1534": "end cause",
    "P1545": "series ordinal",
    "P1683": "quotation",
    "P1706": "together with",
    "P1810": "subject named as",
    "P1932": "object named as",
    "P2093": "author name",
    "P2241": "reason for deprecated rank",
    "P3452": "inferred from",
    "P3680": "statement supported by",
    "P7452": "reason for preferred rank",
}
"""Qualifiers that explain a statement: its place, its cause, where it was found. They don't change its meaning."""
LIMITING: Final = {
    "P518": "applies to part",
    "P642": "of",
    "P1001": "applies to jurisdiction",
    "P1011": "excluding",
    "P1012": "including",
    "P1039": "kind of",
    "P1107": "proportion",
    "P1264": "valid in period",
    "P1310": "statement disputed by",
    "P1319": "earliest date",
    "P1326": "latest date",
    "P1480": "sourcing circumstances",
    "P2210": "relative to",
    "P2868": "subject has role",
    "P3005": "valid in place",
    "P3831": "object has role",
    "P4649": "identity of subject in context",
    "P5102": "nature of statement",
    "P5168": "applies to name of subject",
    "P6001": "applies to people",
}
"""Qualifiers that limit a statement, in words. Without them it says something else."""
TIMES: Final = {START: "start time", END: "end time", POINT_IN_TIME: "point in time"}
"""The times of a statement. They limit a date, which has its own."""
LIMITING_AMOUNTS: Final = frozenset({"P17", "P131", "P159", "P276", "P1013", "P1706"})
"""Qualifiers that limit an amount, though not a date: employees at a place are not all employees."""
INSTANCE_OF = "P31"
PERSONS: Final = {"Q5": "human", "Q3046146": "married couple", "Q15632617": "fictional human"}
OF_PERSONS: Final = {
    "P21": "sex or gender",
    "P569": "date of birth",
    "P570": "date of death",
    "P19": "place of birth",
    "P20": "place of death",
    "P27": "country of citizenship",
    "P734": "family name",
    "P735": "given name",
}
"""Properties that only persons have."""
REFERENCE_URL, STATED_IN, TITLE, PUBLISHED = "P854", "P248", "P1476", "P577"
GREGORIAN = "Q1985727"
NO_UNIT = "1"

FIRST_LANGUAGES: Final = ("en", "mul", "zh", "ja", "ko", "es", "fr", "de", "ru", "ar", "hi", "pt")
"""A company has at most fifty other names. These languages come first, the others sorted by code."""
