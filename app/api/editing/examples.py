"""Example records for OpenAPI. A server that holds the seed accepts each of them."""

from typing import Any, Final

from app.records.fact import PLACE

_SOURCE = {
    "slug": "annual-report-2024",
    "title": "Annual report 2024",
    "type": "report",
    "language": "en",
    "text": "Example Works AG was founded in May 1998.",
}
_COMPANY = {
    "slug": "example-works",
    "name": "Example Works AG",
    "other_names": [{"name": "Example Works", "language": "en"}],
    "country": "DE",
    "founded": "1998-05",
    "identifiers": [{"scheme": "website", "value": "https://example.com"}],
    "citations": [{"source": "annual-report-2024", "paragraph": 1, "sentence": 1}],
}
_MILESTONE = {
    "slug": "founding-year",
    "title": "Founded",
    "category": "founding",
    "date": {"edtf": "2000-40", "text": "early 2000"},
    "citations": [PLACE],
}
_PRODUCT = {"slug": "map", "name": "Map", "category": "product", "launched": "2005", "citations": [PLACE]}
_EQUIVALENT = {"value": 3000000000, "unit": "USD", "stated_as": "about 3 billion dollars"}
_METRIC = {
    "slug": "revenue-2024",
    "metric": "revenue",
    "name": "Revenue",
    "value": 21100000000,
    "unit": "CNY",
    "qualifier": "about",
    "stated_as": "RMB 21.1 billion",
    "period": "2024",
    "equivalent": _EQUIVALENT,
    "citations": [PLACE],
}
_OWNER = {"company": "baidu"}
_DATASET = {"sources": [_SOURCE], "companies": [_COMPANY | {"milestones": [_MILESTONE]}]}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "CitationRecord": PLACE,
    "DateRecord": {"edtf": "2000-40", "text": "early 2000"},
    "EquivalentRecord": _EQUIVALENT,
    "SourceRecord": _SOURCE,
    "CompanyRecord": _COMPANY,
    "CompanyItem": _COMPANY | {"milestones": [_MILESTONE]},
    "MilestoneRecord": _MILESTONE,
    "MilestoneItem": _MILESTONE | _OWNER,
    "ProductRecord": _PRODUCT,
    "ProductItem": _PRODUCT | _OWNER,
    "MetricRecord": _METRIC,
    "MetricItem": _METRIC | _OWNER,
    "Dataset": _DATASET,
    "CompanyPatch": {"summary": "Makes maps of cities.", "founded": {"text": "spring 1998"}, "note": None},
    "MilestonePatch": {"date": "1998-05-04", "scope": "Germany", "note": None},
    "ProductPatch": {"launched": "2005-03", "description": None},
    "MetricPatch": {"value": 21200000000, "qualifier": "exact", "period": "2024", "note": None},
    "SourcePatch": {"publisher": "Example Works AG", "published": "2025-02", "note": None},
}
"""By the names of the models and, for merge patches, of the schemas."""
