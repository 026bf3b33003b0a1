"""Datasets of companies and their metrics, as YAML, and what a comparison makes of them."""

from typing import Any

import httpx

CITATION = "citations: [{source: report, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '" + "a" * 64 + "'}]"
SOURCE = f"""
sources:
  - {{slug: report, title: A report, type: report, length: 100, sha256: "{"b" * 64}"}}
companies:
"""


def metric(slug: str, value: str, unit: str = "USD", **more: str) -> str:
    members = {"slug": slug, "metric": "revenue", "name": "Revenue", "value": value, "unit": unit, **more}
    return "{" + ", ".join(f"{name}: {content}" for name, content in members.items()) + f", {CITATION}}}"


def company(slug: str, *metrics: str, milestones: str = "[]", products: str = "[]") -> str:
    listed = "".join(f"\n      - {one}" for one in metrics) or " []"
    return f"""
  - slug: {slug}
    name: {slug.title()}
    milestones: {milestones}
    products: {products}
    metrics:{listed}
"""


def rows(api: httpx.Client, companies: str = "alpha,beta", query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"/v1/compare?companies={companies}{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["metrics"]
    return found


def shown(row: dict[str, Any]) -> list[str | None]:
    return [cell["observation"] and cell["observation"]["url"].rpartition("/")[2] for cell in row["cells"]]


def codes(row: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in row["reasons"]]
