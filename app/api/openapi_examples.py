"""The examples in the OpenAPI document: the exact responses of a new database with the seed.

They are generated from the seed when the document is requested, so the two always agree. A test compares them with the
responses of a server.
"""

import datetime
import json
from collections.abc import Sequence
from typing import Any

import seed
from app.api.companies import queries as companies
from app.api.editing.examples import SLUGS
from app.api.facts.metrics import queries as metrics
from app.api.facts.milestones import queries as milestones
from app.api.facts.products import queries as products
from app.api.json_ld import to_json_ld
from app.api.sources import queries as sources
from app.datasets.reader import read_dataset
from app.http.lists.csv import csv_lines
from app.http.openapi_variants import variant_content
from app.records.citations import ResolvedCitation, citations_of, unquoted
from app.records.documents import render
from app.records.located import LocatedRecord
from app.revisions.log import stamped
from app.values.resources import KINDS

RECORDED_AT = datetime.datetime(2026, 11, 24, 9, 30, tzinfo=datetime.UTC)

SHOWN = {
    "Source": "/v1/sources/chinas-sci-tech-is-going-global",
    "Company": "/v1/companies/baidu",
    "Milestone": "/v1/companies/baidu/milestones/founded",
    "Product": "/v1/companies/baidu/products/baidu-ai-cloud",
    "Metric": "/v1/companies/kuaishou/metrics/revenue",
}
"""The resource in the example of each schema."""

_LISTS = {
    "list_companies": ("Company", companies.COLUMNS),
    "list_sources": ("Source", sources.COLUMNS),
    "list_milestones": ("Milestone", ("company", "slug", *milestones.COLUMNS)),
    "list_products": ("Product", ("company", "slug", *products.COLUMNS)),
    "list_metrics": ("Metric", ("company", "slug", *metrics.COLUMNS)),
}
_LINKED = {f"get_{name.lower()}": name for name in ("Source", "Company", "Milestone", "Product", "Metric")}


def seed_documents() -> dict[str, str]:
    """Every document of a new database with the seed, by URL."""
    records = sorted(read_dataset(seed.files()), key=lambda located: KINDS.index(located.kind))
    return {
        located.url: stamped(render(located, _citations(located)), number, RECORDED_AT)
        for number, located in enumerate(records, start=1)
    }


def _citations(located: LocatedRecord) -> list[ResolvedCitation]:
    """The seed contains no source text, so its citations are complete and have no quotes."""
    return [unquoted(citation) for citation in citations_of(located)]


def add_examples(document: dict[str, Any]) -> None:
    """Adds the examples to an OpenAPI document."""
    documents = seed_documents()
    schemas = document["components"]["schemas"]
    for name, url in SHOWN.items():
        schemas[name]["examples"] = [json.loads(documents[url])]
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if method != "get":
                _name_invented(operation.get("parameters", ()))
            _fill_required_parameters(operation.get("parameters", ()))
            response = operation["responses"].get("200", {})
            if operation["operationId"] in _LISTS:
                name, columns = _LISTS[operation["operationId"]]
                shown = documents[SHOWN[name]]
                variant_content(response, "text/csv")["example"] = b"".join(csv_lines([shown], columns)).decode()
            if operation["operationId"] in _LINKED:
                linked = to_json_ld(documents[SHOWN[_LINKED[operation["operationId"]]]], "https://profiles.example")
                variant_content(response, "application/ld+json")["example"] = json.loads(linked)


def _name_invented(parameters: Sequence[dict[str, Any]]) -> None:
    """Fills the path of an operation that writes with the invented company of its example, in a parameter of its own."""
    for parameter in parameters:
        schema = parameter["schema"]
        of = schema.get("title", "").removesuffix(" slug")
        if parameter["in"] == "path" and of in SLUGS:
            parameter["schema"] = schema | {"title": f"{schema['title']} to write", "examples": [SLUGS[of]]}


def _fill_required_parameters(parameters: Sequence[dict[str, Any]]) -> None:
    """Adds examples to required parameters. Swagger UI fills its form with them; an optional one would act as a filter."""
    for parameter in parameters:
        if parameter.get("required") and parameter["schema"].get("examples"):
            parameter["example"] = parameter["schema"]["examples"][0]
