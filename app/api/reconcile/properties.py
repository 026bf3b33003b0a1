"""The properties of companies: their identifiers and values, and how a value compares with a requested one.

A property is ``name``, ``other_names``, ``country``, ``founded``, ``summary``, an identifier such as ``identifier:lei``,
or the newest observation of a metric such as ``metric:revenue``.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import pycountry

from app.records.company import one_form
from app.values.text import fold

Document = Mapping[str, Any]
"""A company or a metric as the API serves it."""
Value = str | int | float

NAMES: dict[str, str] = {
    "name": "Name",
    "other_names": "Other names",
    "country": "Country",
    "founded": "Founded",
    "summary": "Summary",
}
DESCRIPTIONS: dict[str, str] = {
    "name": "The name that the company is listed under.",
    "other_names": "Other names of the company, in any language.",
    "country": "ISO 3166-1 alpha-2 code of its country. A query may also give the name of the country.",
    "founded": "When it was founded, as EDTF. A query may give a year, month or day.",
    "summary": "What it does, in a few sentences.",
}
IDENTIFIER = "identifier:"
METRIC = "metric:"
_KEYWORD = r"[a-z0-9]+(?:_[a-z0-9]+)*"
CITATION = ".citation"
"""The end of the identifier of a property that says where the values of another come from."""
_KNOWN = re.compile(rf"(?:{'|'.join(NAMES)}|(?:{IDENTIFIER}|{METRIC}){_KEYWORD})(?:{re.escape(CITATION)})?")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_SAME_NAME = 90.0


def is_property(property_id: str) -> bool:
    return bool(_KNOWN.fullmatch(property_id))


def property_name(property_id: str) -> str:
    """The name of a property for people. That of an unknown one says so."""
    if not is_property(property_id):
        return f"{property_id} (unknown property)"
    if property_id.endswith(CITATION):
        return f"{property_name(property_id.removesuffix(CITATION))}: citation"
    prefix, _, keyword = property_id.rpartition(":")
    if not prefix:
        return NAMES[property_id]
    words = keyword.replace("_", " ")
    return f"Identifier: {words}" if prefix == "identifier" else f"Newest {words}"


def values_of(company: Document, property_id: str) -> list[str]:
    """The values of a property other than a metric, as text. The founding date is EDTF."""
    if property_id.startswith(IDENTIFIER):
        scheme = property_id.removeprefix(IDENTIFIER)
        return [identifier["value"] for identifier in company["identifiers"] if identifier["scheme"] == scheme]
    if property_id == "other_names":
        return [other["name"] for other in company["other_names"]]
    value = company[property_id]
    return [] if value is None else [value["edtf"] if property_id == "founded" else value]


def names_of(company: Document) -> list[str]:
    """Every name of a company."""
    return [company["name"], *values_of(company, "other_names")]


def agrees(company: Document, property_id: str, wanted: Value) -> bool | None:
    """Whether a company has a value for a property.

    None if the company has no value, if the given value cannot be compared, and for summaries and metrics, which do not
    identify a company.
    """
    text = str(wanted).strip()
    if property_id.startswith(IDENTIFIER):
        values = values_of(company, property_id)
        text = one_form(property_id.removeprefix(IDENTIFIER), text)
        return fold(text).rstrip("/") in {fold(value).rstrip("/") for value in values} if values and text else None
    compare = _COMPARISONS.get(property_id)
    return compare(company, text) if compare else None


def _same_name(company: Document, wanted: str) -> bool | None:
    from app.api.reconcile.names import normalise_name, similarity  # noqa: PLC0415 - only matching needs its libraries

    name = normalise_name(wanted)
    return any(similarity(name, normalise_name(other)) >= _SAME_NAME for other in names_of(company)) if name.core else None


def _same_country(company: Document, wanted: str) -> bool | None:
    code = country_code(wanted)
    return code == company["country"] if code and company["country"] else None


def _founded_then(company: Document, wanted: str) -> bool | None:
    """Whether the founding date may lie in the given year, month or day. ISO dates compare as text."""
    founded = company["founded"]
    found = _DATE.match(wanted)
    if founded is None or found is None:
        return None
    first = "-".join((found[1], found[2] or "01", found[3] or "01"))
    last = "-".join((found[1], found[2] or "12", found[3] or "31"))
    return (founded["earliest"] or "0000") <= last and first <= (founded["latest"] or "9999-12-31")


_COMPARISONS: dict[str, Callable[[Document, str], bool | None]] = {
    "name": _same_name,
    "other_names": _same_name,
    "country": _same_country,
    "founded": _founded_then,
}


@lru_cache(maxsize=1000)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country, given by any ISO code or by its English name."""
    try:
        return str(pycountry.countries.lookup(text).alpha_2)
    except LookupError:
        return None
