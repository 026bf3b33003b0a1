"""Example records for OpenAPI, about an invented company: a form sent as it is must not claim anything of a real one.

Sent in the order source, company, facts, a server accepts each of them.
"""

from typing import Any, Final


def _passage(sentence: int) -> dict[str, Any]:
    """A citation of a sentence of the example's source."""
    return {"source": "annual-report-2024", "paragraph": 1, "sentence": sentence}


_SOURCE = {
    "slug": "annual-report-2024",
    "title": "Annual report 2024",
    "type": "report",
    "language": "en",
    "text": "Example Works AG was founded in May 1998. Its first map is of 2005. Revenue was about 1.2 billion euros in 2024.",
}
_COMPANY = {
    "slug": "example-works",
    "name": "Example Works AG",
    "other_names": [{"name": "Example Works", "language": "en"}],
    "country": "DE",
    "founded": "1998-05",
    "identifiers": [{"scheme": "website", "value": "https://example.com"}],
    "citations": [_passage(1)],
}
_MILESTONE = {
    "slug": "founding",
    "title": "Founded",
    "category": "founding",
    "date": {"edtf": "1998-05", "text": "May 1998"},
    "citations": [_passage(1)],
}
_PRODUCT = {"slug": "map", "name": "Map", "category": "product", "launched": "2005", "citations": [_passage(2)]}
_EQUIVALENT = {"value": 1300000000, "unit": "USD", "stated_as": "1.3 billion dollars"}
_METRIC = {
    "slug": "revenue-2024",
    "metric": "revenue",
    "name": "Revenue",
    "value": 1200000000,
    "unit": "EUR",
    "qualifier": "about",
    "stated_as": "about 1.2 billion euros",
    "period": "2024",
    "citations": [_passage(3)],
}
_OWNER = {"company": "example-works"}
_DATASET = {"sources": [_SOURCE], "companies": [_COMPANY | {"milestones": [_MILESTONE]}]}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "CitationRecord": _passage(1),
    "DateRecord": {"edtf": "1998-40", "text": "early 1998"},
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
    "MetricPatch": {"value": 1210000000, "qualifier": "exact", "period": "2024", "note": None},
    "SourcePatch": {"publisher": "Example Works AG", "published": "2025-02", "note": None},
}
"""By the names of the models and, for merge patches, of the schemas."""

SLUGS: Final = {
    "company": _COMPANY["slug"],
    "source": _SOURCE["slug"],
    "milestone": _MILESTONE["slug"],
    "product": _PRODUCT["slug"],
    "metric": _METRIC["slug"],
}
"""What a form that writes is filled in with, by what the slug in the path is of."""
