"""The JSON Schema (2020-12) of YAML and JSON datasets, with which editors complete and check what you type.

It is generated from the record models, so the two agree. Rules that a schema cannot express (dates, check digits,
references) are checked when a dataset is loaded. The models only serve the schema, so they are built when it is requested.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.records.company import CompanyRecord
from app.records.metric import MetricRecord
from app.records.milestone import MilestoneRecord
from app.records.product import ProductRecord
from app.records.source import SourceRecord
from app.values.text import Slug
from app.values.units import UNITS

_Owner = Annotated[Slug, Field(description="Slug of the company that the fact is about.")]
_SLUG = "Lower-case letters a–z, digits and single hyphens; identifies the record in later loads."
_DESCRIPTIONS = {
    "authors": "Names, as the source gives them.",
    "citations": "The passages in sources that support it.",
    "country": "ISO 3166-1 alpha-2 code.",
    "date": "When it happened; null if the source does not say.",
    "description": "In your own words.",
    "edtf": "EDTF date: 2014, 2014-05, 2014-05-06, 2012/2014, 2014/.., 201X, 2014~ or 2000-40 (first half of 2000).",
    "end": "Position after the last character of the passage.",
    "equivalent": "The same amount in another unit, if the source gives it.",
    "founded": "When the company was founded.",
    "identifiers": "Entries in registers, such as lei, isin, ticker, wikidata and website.",
    "language": "BCP 47 tag.",
    "launched": "When it was launched; null if the source does not say.",
    "length": "Number of characters of the text. Required if you leave out the text.",
    "metric": "What is measured, such as revenue. Use the same word for every company.",
    "name": "As the source writes it.",
    "note": "What the source leaves unclear.",
    "other_names": "Other names of the company, including those in other languages.",
    "paragraph": "From 1. Title and byline do not count.",
    "period": "The period measured; null if the source does not say. Never infer it.",
    "published": "Date of publication; null if unknown.",
    "publisher": "Who published the source.",
    "scheme": "lei, isin, ticker, wikidata, website or a scheme of your own.",
    "sentence": "Number of the sentence in the paragraph, from 1.",
    "sha256": "SHA-256 of the passage in UTF-8 (in a source: of its whole text), in lower-case hexadecimal.",
    "slug": _SLUG,
    "source": "Slug of the source.",
    "start": "Position of the first character of the passage, from 0. Without start, end and sha256 you cite the whole sentence.",
    "summary": "What the company is, in your own words.",
    "text": "The date in the words of the source. Left out, it is English words.",
    "title": "One line.",
    "value": "The text of an identifier, or the number of a metric with at most 15 significant digits.",
}
"""For fields whose model has no description, or one that only concerns API clients."""


class CompanyItem(CompanyRecord, defer_build=True):
    """A company with its facts."""

    milestones: Annotated[list[MilestoneRecord] | None, Field(description="Dated events in the company's life.")] = None
    products: Annotated[list[ProductRecord] | None, Field(description="What the company offers or builds.")] = None
    metrics: Annotated[list[MetricRecord] | None, Field(description="Numbers, each with its period.")] = None


class MilestoneItem(MilestoneRecord, defer_build=True):
    """A milestone beside its company."""

    company: _Owner


class ProductItem(ProductRecord, defer_build=True):
    """A product beside its company."""

    company: _Owner


class MetricItem(MetricRecord, defer_build=True):
    """A metric beside its company."""

    company: _Owner


class Dataset(BaseModel):
    """Sources, companies and facts. A fact is part of its company, or stands at the top with the slug of its company."""

    model_config = ConfigDict(extra="forbid", title="Dataset of company facts", defer_build=True)

    sources: Annotated[list[SourceRecord] | None, Field(description="Documents that facts are taken from.")] = None
    companies: Annotated[list[CompanyItem] | None, Field(description="Companies, each with its facts.")] = None
    milestones: Annotated[list[MilestoneItem] | None, Field(description="Milestones of companies given elsewhere.")] = None
    products: Annotated[list[ProductItem] | None, Field(description="Products of companies given elsewhere.")] = None
    metrics: Annotated[list[MetricItem] | None, Field(description="Metrics of companies given elsewhere.")] = None
    schema_url: Annotated[
        str | None, Field(alias="$schema", max_length=2000, description="URL of this schema, for editors. The loader ignores it.")
    ] = None


def dataset_schema() -> dict[str, object]:
    """A JSON Schema (https://json-schema.org/draft/2020-12/schema) of the dataset format, as a JSON document."""
    schema = Dataset.model_json_schema()
    definitions: dict[str, dict[str, Any]] = schema["$defs"]
    for definition in definitions.values():
        for name, field in definition.get("properties", {}).items():
            if name in _DESCRIPTIONS and (name == "slug" or "description" not in field):
                field["description"] = _DESCRIPTIONS[name]
            if name == "unit":
                field["examples"] = ["CNY", "EUR", "USD", "usd_per_share", *UNITS]
    definitions["DateRecord"] = _date(definitions["DateRecord"])
    definitions["SourceRecord"]["anyOf"] = [{"required": ["text"]}, {"required": ["length", "sha256"]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "/v1/datasets/schema", **schema}


def _date(words: dict[str, Any]) -> dict[str, Any]:
    """A date is an EDTF text, a bare year (which YAML reads as a number), or an object of such a date and a text."""
    edtf = words["properties"]["edtf"]
    year = {"type": "integer", "minimum": 1000, "maximum": 9999, "description": "A year."}
    words["properties"]["edtf"] = {"description": edtf["description"], "anyOf": [edtf, year]}
    return {"title": "Date", "description": edtf["description"], "anyOf": [edtf, year, words]}
