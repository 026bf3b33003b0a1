"""What is stored is what is served: each document is, byte for byte, what its schema would write."""

from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import Connection

import seed
from app.datasets.reader import read_dataset
from app.records.company import Company
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.records.source import Source
from app.revisions.log import content_of
from tests.datasets.examples import dataset, load_records, load_text, rows

MODELS: dict[str, type[BaseModel]] = {
    "source": Source,
    "company": Company,
    "milestone": Milestone,
    "product": Product,
    "metric": Metric,
}
MANY_FORMS = """
  - slug: forms
    name: 'Quoted "name" \\ with a slash, 💡 and é'
    other_names: [{name: Other}]
    founded: "0001"
    summary: "Two\\nlines and a\\ttab"
    metrics:
"""


def with_numbers(*numbers: str) -> str:
    """The example, and a company with a metric of each of the numbers and an equivalent of it."""
    metric = "      - {{slug: m-{0}, metric: m, name: M, value: {1}, unit: EUR, period: '../20{0:02}', {2}, {3}}}\n"
    equivalent, cited = "equivalent: {value: 3, unit: USD}", "citations: [{source: fern-rising, paragraph: 1, sentence: 2}]"
    return dataset() + MANY_FORMS + "".join(metric.format(*numbered, equivalent, cited) for numbered in enumerate(numbers))


@pytest.mark.parametrize("as_it_is", ["the seed", "numbers, texts and dates"])
def test_a_document_is_what_its_schema_writes(connection: Connection, tmp_path: Path, as_it_is: str) -> None:
    if as_it_is == "the seed":
        load_records(connection, read_dataset(seed.files()))
    else:
        load_text(connection, tmp_path, with_numbers("0", "0.0000001", "-23.80", "1e17", "123456789012345", "0.1234567890123"))
    revisions = rows(connection, "revisions")
    assert len(revisions) >= 11
    for revision in revisions:
        resource = MODELS[revision.kind].model_validate_json(revision.document)
        assert content_of(revision.document) == resource.model_dump_json(exclude={"revision", "updated_at"})
