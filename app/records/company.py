"""A company, as a dataset records it and as the API serves it."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from app.records.fact import CitationRecord, Citations, Note, Recorded
from app.values.dates import DateRecord, FactDate
from app.values.text import WEB_URL_PATTERN, CountryCode, Keyword, LanguageTag, Line, Paragraph, ResourceUrl, Slug


class OtherName(BaseModel, extra="forbid", json_schema_serialization_defaults_required=True):
    """Another name of a company, with its language."""

    name: Annotated[Line, Field(examples=["百度"])]
    language: LanguageTag | None = None


class Identifier(BaseModel, extra="forbid"):
    """An entry in a register: ``lei``, ``isin``, ``ticker``, ``wikidata``, ``website`` or another scheme."""

    scheme: Annotated[Keyword, Field(examples=["website"])]
    value: Annotated[Line, Field(examples=["https://www.baidu.com"])]


def one_form(scheme: str, value: str) -> str:
    """An identifier in the one form in which it is stored and found: an LEI and an ISIN in capitals, a CIK with ten digits."""
    form = _ONE_FORM.get(scheme)
    return form(value) if form else value


def _lei(text: str) -> str:
    from stdnum import lei  # noqa: PLC0415 - it takes memory that few requests need

    return str(lei.compact(text))


def _isin(text: str) -> str:
    from stdnum import isin  # noqa: PLC0415 - as above

    return str(isin.compact(text))


def _cik(text: str) -> str:
    found = re.fullmatch(r"\s*(?:CIK)?[\s#:]*0*([0-9]{1,10})\s*", text, re.IGNORECASE)
    return found[1].zfill(10) if found else text


_ONE_FORM: dict[str, Callable[[str], str]] = {"cik": _cik, "isin": _isin, "lei": _lei, "wikidata": str.upper}


def _is_lei(text: str) -> bool:
    from stdnum import lei  # noqa: PLC0415 - as above

    return bool(lei.is_valid(text))


def _is_isin(text: str) -> bool:
    from stdnum import isin  # noqa: PLC0415 - as above

    return bool(isin.is_valid(text))


_FORMS: dict[str, tuple[Callable[[str], object], str]] = {
    "lei": (_is_lei, "LEI: 20 characters whose last two are check digits (ISO 17442)"),
    "isin": (_is_isin, "ISIN: 12 characters whose last one is a check digit (ISO 6166)"),
    "wikidata": (re.compile(r"Q[1-9]\d*").fullmatch, "Wikidata item: Q and a number, such as Q42"),
    "website": (re.compile(WEB_URL_PATTERN).search, "web address: it starts with https:// or http://"),
}
"""The schemes whose values are checked."""


def _check_form(identifier: Identifier) -> Identifier:
    is_valid, form = _FORMS.get(identifier.scheme, (bool, ""))
    value = one_form(identifier.scheme, identifier.value)
    if not is_valid(value):
        raise ValueError(f"{identifier.value!r} is no {form}")
    return Identifier(scheme=identifier.scheme, value=value)


class CompanyRecord(BaseModel, extra="forbid"):
    """A company in a dataset."""

    slug: Slug
    name: Line
    other_names: Annotated[list[OtherName], Field(max_length=50)] = []
    country: CountryCode | None = None
    founded: DateRecord | None = None
    summary: Paragraph | None = None
    identifiers: Annotated[list[Annotated[Identifier, AfterValidator(_check_form)]], Field(max_length=50)] = []
    note: Paragraph | None = None
    citations: Annotated[list[CitationRecord], Field(max_length=50)] = []


class Company(Recorded):
    """An organisation, with links to its facts."""

    slug: Slug
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu"])]
    name: Annotated[Line, Field(examples=["Baidu"])]
    other_names: Annotated[list[OtherName], Field(max_length=50)]
    country: CountryCode | None
    founded: FactDate | None
    summary: Annotated[str | None, Field(max_length=4000, examples=["Search engine and AI company."])]
    identifiers: Annotated[list[Identifier], Field(max_length=50)]
    note: Note
    citations: Citations
    profile_url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu/profile"])]
    milestones_url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu/milestones"])]
    products_url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu/products"])]
    metrics_url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu/metrics"])]
