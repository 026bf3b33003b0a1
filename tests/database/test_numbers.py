"""Numbers are exact: what goes in comes out, in the same order, on both engines."""

import random
from decimal import Decimal

import pytest
from sqlalchemy import Connection, insert, literal, select

from app.database.column_types import ExactDecimal, numeric_order
from app.database.models import Company, Metric, Revision
from app.values.numbers import exact
from tests.conftest import ServeDataset
from tests.database.test_rules import VALID

NUMBERS = (
    "-999999999999999000",
    "-123456789012345",
    "-0.3",
    "-0.1",
    "-0.0000000000000000000000001",
    "0",
    "0.000000000001",
    "0.1",
    "0.123456789012344",
    "0.123456789012345",
    "0.3",
    "1",
    "1.00000000000001",
    "2.5",
    "9.99999999999999",
    "10",
    "123456789012344",
    "123456789012345",
    "999999999999998000",
    "999999999999999000",
)
"""In their order."""


def store(connection: Connection, numbers: list[Decimal]) -> None:
    connection.execute(insert(Revision), VALID["revisions"])
    connection.execute(insert(Company), VALID["companies"])
    rows = [VALID["metrics"] | {"id": 10 + place, "slug": f"m{place}", "value": number} for place, number in enumerate(numbers)]
    connection.execute(insert(Metric), rows)


def test_the_database_gives_back_the_same_decimals_in_their_order(connection: Connection) -> None:
    numbers = [Decimal(number) for number in NUMBERS]
    shuffled = random.Random(1).sample(numbers, len(numbers))  # noqa: S311
    store(connection, shuffled)

    assert connection.scalars(select(Metric.value).order_by(Metric.id)).all() == shuffled
    assert connection.scalars(select(Metric.value).order_by(numeric_order(Metric.value))).all() == numbers


def test_neighbours_of_fifteen_digits_are_distinguished_everywhere(connection: Connection) -> None:
    chance = random.Random(2)  # noqa: S311
    numbers: set[Decimal] = set()
    for _ in range(300):
        digits, exponent = chance.randrange(10**14, 10**15 - 1), chance.randrange(-40, 3)
        numbers |= {exact(Decimal(digits + step).scaleb(exponent)) for step in (0, 1)}
    store(connection, list(numbers))

    assert connection.scalars(select(Metric.value).order_by(numeric_order(Metric.value))).all() == sorted(numbers)
    for number in chance.sample(sorted(numbers), 20):
        at_least = numeric_order(Metric.value) >= numeric_order(literal(number, ExactDecimal))
        assert min(connection.scalars(select(Metric.value).where(at_least))) == number


@pytest.fixture
def dataset() -> str:
    item = "      - {slug: m%d, metric: revenue, name: Sales, value: %s, unit: CNY, citations: [%s]}\n"
    citation = "{source: report, paragraph: 1, sentence: 1, start: 0, end: 5, sha256: '%s'}" % ("0" * 64)
    return (
        f"sources:\n  - {{slug: report, title: A report, type: report, length: 10, sha256: '{'0' * 64}', body_start: 0}}\n"
        "companies:\n  - slug: one\n    name: One\n    metrics:\n"
        + "".join(item % (place, number, citation) for place, number in enumerate(NUMBERS))
    )


def test_the_api_serves_sorts_and_filters_the_same_decimals(serve_dataset: ServeDataset, dataset: str) -> None:
    client = serve_dataset(dataset)

    def values(**parameters: str) -> list[Decimal]:
        answer = client.get("/v1/metrics", params={"sort": "value", **parameters})
        assert answer.status_code == 200, answer.text
        return [Decimal(item["value"]) for item in answer.json(parse_float=str, parse_int=str)["items"]]

    numbers = [Decimal(number) for number in NUMBERS]
    assert values() == numbers
    assert values(sort="-value") == numbers[::-1]
    for number in NUMBERS:
        assert values(minimum=number, maximum=number) == [Decimal(number)]
        assert values(minimum=number) == [other for other in numbers if other >= Decimal(number)]
