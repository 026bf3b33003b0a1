"""Small datasets about invented companies, and helpers to load them."""

import datetime
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select

from app.database.models import Base
from app.datasets.loader import LoadReport, load
from app.datasets.reader import read_dataset
from app.records.located import DatasetFinding, DatasetInvalid, LocatedRecord

TEXT = (
    "Fern Rising\n\nBy A. Writer\n\n"
    "Fernhold makes lamps. It was founded in 1999 in Norway.\nSales were above 2.5 billion crowns.\n"
    "\n  \n"
    "The lamp “Glød” 💡 sells in 12 countries. Nobody knows why.\n"
)
BODY_START = TEXT.index("Fernhold")
WHEN = datetime.datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=datetime.UTC)

YAML = """\
sources:
  - slug: fern-rising
    title: Fern Rising
    type: article
    authors: [A. Writer]
    language: en
    body_start: {body_start}
    text: {text}
companies:
  - slug: fernhold
    name: Fernhold
    other_names:
      - {{name: 蕨堡, language: zh}}
    country: NO
    founded: 1999
    identifiers:
      - {{scheme: website, value: "https://fernhold.example"}}
    citations: [{{source: fern-rising, paragraph: 1, sentence: 2}}]
    milestones:
      - slug: founded
        title: Founded
        category: founding
        date: {{edtf: 1999-21, text: spring 1999}}
        citations: [{{source: fern-rising, paragraph: 1, sentence: 2}}]
    products:
      - slug: glod
        name: Glød
        category: product
        citations: [{{source: fern-rising, paragraph: 2, sentence: 1}}]
    metrics:
      - slug: sales
        metric: revenue
        name: Sales
        value: {value}
        unit: NOK
        qualifier: more_than
        stated_as: above 2.5 billion crowns
        equivalent: {{value: 0.3, unit: USD}}
        citations: [{{source: fern-rising, paragraph: 1, sentence: 3}}]
"""


def dataset(value: str = "2500000000", text: str | None = TEXT) -> str:
    return YAML.format(value=value, text=json.dumps(text, ensure_ascii=False), body_start=BODY_START)


def write(tmp_path: Path, content: str | bytes, name: str = "data.yaml") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(tmp_path: Path, content: str | bytes, name: str = "data.yaml") -> list[LocatedRecord]:
    return list(read_dataset([write(tmp_path, content, name)]))


def load_text(connection: Connection, tmp_path: Path, content: str | bytes, name: str = "data.yaml") -> LoadReport:
    path = write(tmp_path, content, name)
    return load(connection, read_dataset([path]), actor="tester", reason="a test", clock=lambda: WHEN)


def load_records(connection: Connection, records: Iterable[LocatedRecord]) -> LoadReport:
    return load(connection, records, actor="tester", reason="a test", clock=lambda: WHEN)


def problems_of(invalid: pytest.ExceptionInfo[DatasetInvalid]) -> list[tuple[int, str, str]]:
    """Line, field and message of each finding."""
    listed: list[DatasetFinding] = sorted(invalid.value.findings.listed)
    return [(finding.line, finding.field, finding.message) for finding in listed]


def rows(connection: Connection, table: str) -> list[Row[Any]]:
    selected = Base.metadata.tables[table]
    return list(connection.execute(select(selected).order_by(*selected.primary_key.columns)))
