"""The form of a YAML or JSON dataset as a JSON Schema (2020-12), by which editors complete and check what one types.

It is made of the records' own models, so it says what they say. What takes a program to check (a date, a check digit,
a reference) is left to the loading.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.records.company import CompanyRecord
from app.records.metric import UNITS, MetricRecord
from app.records.milestone import MilestoneRecord
from app.records.product import ProductRecord
from app.records.source import SourceRecord
from app.values.text import Slug

_Owner = Annotated[Slug, Field(description="Slug of the company that the fact is about.")]
_SLUG = "Lower-case letters a–z, digits and single hyphens. It tells what is the same when a dataset is loaded again."
_DESCRIPTIONS = {
    "authors": "Names, as the source gives them.",
    "citations": "The places in sources that it rests on.",
    "country": "ISO 3166-1 alpha-2 code.",
    "date": "When it happened; null where the source does not say.",
    "description": "In your own words.",
    "edtf": "EDTF date: 2014, 2014-05, 2014-05-06, 2012/2014, 2014/.., 201X, 2014~ or 2000-40 (first half of 2000).",
    "end": "Character after the passage.",
    "equivalent": "The same amount in another unit, where the source itself gives it.",
    "founded": "When the company was founded.",
    "identifiers": "Entries in registers, such as lei, isin, ticker, wikidata and website.",
    "language": "BCP 47 tag.",
    "launched": "When it was launched; null where the source does not say.",
    "length": "Characters of the text: give it where you leave the text out.",
    "metric": "What is measured, such as revenue: the same word for every company.",
    "name": "As the source writes it.",
    "note": "What the source leaves unclear.",
    "other_names": "Names that the company also goes by, in other languages too.",
    "paragraph": "From 1; title and byline are none.",
    "period": "The time measured; null where the source does not say, never inferred.",
    "published": "Date of publication; null where unknown.",
    "publisher": "Who published the source.",
    "scheme": "lei, isin, ticker, wikidata, website or a word of your own.",
    "sentence": "Of the paragraph, from 1.",
    "sha256": "SHA-256 in UTF-8, lower-case hexadecimal: of the passage, or of a source's whole text.",
    "slug": _SLUG,
    "source": "Slug of the source.",
    "start": "First character of the passage, from 0. Without start, end and sha256 the whole sentence is cited.",
    "summary": "What the company is, in your own words.",
    "text": "The date in words, as the source puts it.",
    "title": "One line.",
    "url": "Web address. It is stored and served, never fetched.",
    "value": "In an identifier its text; in a metric a number of at most 15 significant digits.",
}
"""For the fields whose model says nothing, or says what matters to the API's readers only."""


class CompanyItem(CompanyRecord):
    """A company with its facts."""

    milestones: Annotated[list[MilestoneRecord] | None, Field(description="Dated events in the company's life.")] = None
    products: Annotated[list[ProductRecord] | None, Field(description="What the company offers or builds.")] = None
    metrics: Annotated[list[MetricRecord] | None, Field(description="Numbers, each observed once.")] = None


class MilestoneItem(MilestoneRecord):
    """A milestone outside of its company."""

    company: _Owner


class ProductItem(ProductRecord):
    """A product outside of its company."""

    company: _Owner


class MetricItem(MetricRecord):
    """A metric outside of its company."""

    company: _Owner


class Dataset(BaseModel):
    """Sources, companies and facts. A fact stands in its company, or at the top with the slug of its company."""

    model_config = ConfigDict(extra="forbid", title="Dataset of company facts")

    sources: Annotated[list[SourceRecord] | None, Field(description="Documents that facts are read from.")] = None
    companies: Annotated[list[CompanyItem] | None, Field(description="Companies, each with its facts.")] = None
    milestones: Annotated[list[MilestoneItem] | None, Field(description="Milestones of companies given elsewhere.")] = None
    products: Annotated[list[ProductItem] | None, Field(description="Products of companies given elsewhere.")] = None
    metrics: Annotated[list[MetricItem] | None, Field(description="Metrics of companies given elsewhere.")] = None
    schema_url: Annotated[
        str | None, Field(alias="$schema", max_length=2000, description="Address of this schema, for editors. Not read.")
    ] = None


def dataset_schema() -> dict[str, object]:
    """A JSON Schema (https://json-schema.org/draft/2020-12/schema) of the dataset format, as a JSON document."""
    schema = Dataset.model_json_schema()
    definitions: dict[str, dict[str, Any]] = schema["$defs"]
    for definition in definitions.values():
        for name, field in definition["properties"].items():
            if name in _DESCRIPTIONS and (name == "slug" or "description" not in field):
                field["description"] = _DESCRIPTIONS[name]
            if name == "unit":
                field["examples"] = ["CNY", "EUR", "USD", *UNITS]
    definitions["DateRecord"] = _date(definitions["DateRecord"])
    definitions["SourceRecord"]["anyOf"] = [{"required": ["text"]}, {"required": ["length", "sha256"]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "/v1/datasets/schema", **schema}


def _date(words: dict[str, Any]) -> dict[str, Any]:
    """A date is its EDTF text alone, a bare year (which YAML takes for a number), or that with words."""
    edtf = words["properties"]["edtf"]
    year = {"type": "integer", "minimum": 1000, "maximum": 9999, "description": "A year."}
    words["properties"]["edtf"] = {"description": edtf["description"], "anyOf": [edtf, year]}
    return {"title": "Date", "description": edtf["description"], "anyOf": [edtf, year, words]}
