"""A dataset whose tables are awkward: separators in names, formulas, dates of every precision; and how a list is read back."""

import json
import re

CITATION = {"source": "report", "paragraph": 1, "sentence": 2, "start": 0, "end": 9, "sha256": "a" * 64}
FORMULA = '=HYPERLINK("https://example.org")'
NAMES = ["百度@zh", "Smith; Jones", "Jack @ Home", r"C:\Works;", "Plain"]
_METRICS: list[dict[str, object]] = [
    {"slug": "revenue", "metric": "revenue", "name": "Revenue", "value": 123456789012345, "unit": "CNY", "period": "2020"},
    {"slug": "share", "metric": "share", "name": "Share", "value": 0.1, "unit": "percent", "period": "2020-06-30"},
    {"slug": "loss", "metric": "profit", "name": "+1", "value": -5.25, "unit": "CNY", "period": "1899-12-31"},
]
_MILESTONES: list[dict[str, object]] = [
    {"slug": "opened", "title": "Opened", "category": "launch", "date": "2014-05-06"},
    {"slug": "founded", "title": "Founded", "category": "founding", "date": {"edtf": "2000-40", "text": "early 2000"}},
    {"slug": "hired", "title": "https://example.org", "category": "strategy", "date": "2014-05-06?"},
]
_ALPHA = {
    "slug": "alpha-1",
    "name": FORMULA,
    "other_names": [
        {"name": "百度", "language": "zh"},
        *({"name": name} for name in NAMES[1:]),
    ],
    "identifiers": [{"scheme": "website", "value": "https://example.org/?a;b"}, {"scheme": "ticker", "value": "X:AL"}],
    "milestones": [{**milestone, "citations": [CITATION]} for milestone in _MILESTONES],
    "metrics": [{**metric, "citations": [CITATION]} for metric in _METRICS],
}
_SOURCE: dict[str, object] = {
    "slug": "report",
    "title": "@SUM(A1)",
    "type": "report",
    "length": 100,
    "sha256": "b" * 64,
    "authors": ["A; B", "C"],
}
DATASET = json.dumps({"sources": [_SOURCE], "companies": [_ALPHA, {"slug": "beta", "name": "Beta"}]})

LISTS = (
    "/v1/companies",
    "/v1/milestones",
    "/v1/products",
    "/v1/metrics",
    "/v1/sources",
    "/v1/sources/report/facts",
    "/v1/companies/alpha-1/metrics",
    "/v1/timeline",
    "/v1/search?q=alpha",
    "/v1/changes",
    "/v1/compare?companies=alpha-1,beta",
)
"""Every list, and everything else that is also a table."""


def in_format(address: str, parameters: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameters}"


def items_of(cell: str) -> list[str]:
    """The items of a list, read back as docs/api/overview.md describes."""
    return [re.sub(r"\\(.)", r"\1", item.removeprefix(" ")) for item in re.findall(r"(?:\\.|[^\\;])+", cell)]
