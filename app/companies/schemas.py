"""A company, as a dataset records it and as the API serves it."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from stdnum import lei

from app.dates import DateRecord, FactDate
from app.facts.schemas import CitationRecord, Citations, Note, Recorded
from app.fields import CountryCode, Keyword, LanguageTag, Line, Paragraph, ResourceUrl, Slug


class OtherName(BaseModel):
    """A name that a company also goes by, with the language that it is in."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(examples=["百度"])]
    language: LanguageTag | None = None


class Identifier(BaseModel):
    """An entry in a register: ``lei``, ``isin``, ``ticker``, ``wikidata``, ``website`` or another scheme."""

    model_config = ConfigDict(extra="forbid")

    scheme: Annotated[Keyword, Field(examples=["website"])]
    value: Annotated[Line, Field(examples=["https://www.baidu.com"])]


def _check_lei(identifier: Identifier) -> Identifier:
    """A Legal Entity Identifier carries two check digits (ISO 17442, ISO 7064 MOD 97-10)."""
    if identifier.scheme == "lei" and not lei.is_valid(identifier.value):
        raise ValueError(f"{identifier.value!r} is no LEI: 20 characters whose last two are check digits")
    return identifier


class CompanyRecord(BaseModel):
    """A company in a dataset."""

    model_config = ConfigDict(extra="forbid")

    slug: Slug
    name: Line
    other_names: Annotated[list[OtherName], Field(max_length=50)] = []
    country: CountryCode | None = None
    founded: DateRecord | None = None
    summary: Paragraph | None = None
    identifiers: Annotated[list[Annotated[Identifier, AfterValidator(_check_lei)]], Field(max_length=50)] = []
    note: Paragraph | None = None
    citations: Annotated[list[CitationRecord], Field(max_length=50)] = []


class Company(Recorded):
    """An organisation and where to read more of it."""

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
