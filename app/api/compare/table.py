"""The metrics of a comparison as a table: a line for each row, and for each company some columns."""

from collections.abc import Iterator, Sequence

import orjson

from app.api.compare.schemas import Comparison, MetricRow

_OF_ROW = ("metric", "name", "unit", "scope", "period.edtf", "comparable", "reasons", "base", "common_unit")
_OF_COMPANY = ("value", "unit", "qualifier", "period", "scope", "ratio", "difference", "url")


def columns_of(comparison: Comparison) -> Sequence[str]:
    return [*_OF_ROW, *(f"companies.{company.slug}.{name}" for company in comparison.companies for name in _OF_COMPANY)]


def rows_of(comparison: Comparison) -> Iterator[str]:
    slugs = [company.slug for company in comparison.companies]
    return (_row(row, slugs) for row in comparison.metrics)


def _row(row: MetricRow, slugs: Sequence[str]) -> str:
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
