"""The metrics of a comparison as CSV: a line for each row, and for each company some columns."""

from collections.abc import Sequence

import orjson

from app.api.compare.schemas import Comparison, MetricRow
from app.http.lists.csv import csv_lines

_OF_ROW = ("metric", "name", "unit", "scope", "period.edtf", "comparable", "reasons", "base", "common_unit")
_OF_COMPANY = ("value", "unit", "qualifier", "period", "scope", "ratio", "difference", "url")


def csv_of(comparison: Comparison) -> bytes:
    slugs = [company.slug for company in comparison.companies]
    columns = [*_OF_ROW, *(f"companies.{slug}.{name}" for slug in slugs for name in _OF_COMPANY)]
    return b"".join(csv_lines((_line(row, slugs) for row in comparison.metrics), columns))


def _line(row: MetricRow, slugs: Sequence[str]) -> str:
    cells = row.model_dump(mode="json")["cells"]
    companies = {
        slug: {**cell["observation"], "period": (cell["observation"]["period"] or {}).get("edtf"), **_numbers(cell)}
        for slug, cell in zip(slugs, cells, strict=True)
        if cell["observation"]
    }
    content = row.model_dump(mode="json", exclude={"cells"}) | {"reasons": [reason.code.value for reason in row.reasons]}
    return orjson.dumps(content | {"companies": companies}).decode()


def _numbers(cell: dict[str, object]) -> dict[str, object]:
    return {name: cell[name] for name in ("ratio", "difference")}
