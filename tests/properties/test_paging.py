"""Following ``next`` gives exactly the list that plain Python filters and sorts, each item once, on both engines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.database.database import Database
from app.database.models import Base
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from tests.databases import SEEDED_AT, Databases, settings_for
from tests.properties.companies import DECIMALS, VALUES, Item, datasets, in_order, matches, members, queries, sorts_of
from tests.server import running_server


@dataclass(frozen=True)
class World:
    """A database that is filled anew for each example, and its server."""

    database: Database
    client: httpx.Client
    file: Path

    def fill(self, items: list[Item]) -> list[Item]:
        """Replaces everything. Returns the items with the revisions that recorded them."""
        self.file.write_text("".join(item.line() + "\n" for item in items), encoding="utf-8")
        with self.database.writing() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                if table.name != "revision_head":
                    connection.execute(delete(table))
            load(connection, read_dataset([self.file]), actor="tests", reason="Example", clock=lambda: SEEDED_AT)
        lists = (
            self.client.get(f"/v1/{name}?format=ndjson") for name in ("sources", "companies", "milestones", "products", "metrics")
        )
        revisions = {served["url"]: served["revision"] for answer in lists for served in map(orjson.loads, answer.iter_lines())}
        return [replace(item, revision=revisions[address(item)]) for item in items]

    def walk(self, path: str, query: dict[str, str]) -> Iterator[list[str]]:
        """The addresses of the items on each page. No page leads back to one before it."""
        asked: set[str] = set()
        following: str | None = str(httpx.URL(path, params=query))
        while following:
            assert following not in asked, following
            asked.add(following)
            answer = self.client.get(following)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            yield [item["url"] for item in page["items"]]
            following = page["next"]
            assert ("link" in answer.headers) == bool(following)


def address(item: Item) -> str:
    plural = {"company": "companies"}.get(item.kind, f"{item.kind}s")
    return f"/v1/{plural}/{item.slug}" if item.company is None else f"/v1/companies/{item.company}/{plural}/{item.slug}"


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = databases.copy(databases.migrated)
    database = Database(settings_for(url))
    fresh = {"Cache-Control": "no-cache"}  # what is written behind a server's back may else be old for a moment on PostgreSQL
    with running_server(settings_for(url)) as server, httpx.Client(base_url=server.url, timeout=30, headers=fresh) as client:
        yield World(database, client, tmp_path_factory.mktemp("paging") / "dataset.ndjson")
    database.engine.dispose()


def examples(number: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(max_examples=number, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@given(datasets(), st.data())
@examples(20)
def test_every_list_in_pages_is_the_list_that_python_sorts(world: World, items: list[Item], data: st.DataObject) -> None:
    items = world.fill(items)
    company = next(item.slug for item in items if item.kind == "company")
    whole = [f"/v1/{name}" for name in ("companies", "sources", "milestones", "products", "metrics", "sources/report/facts")]
    numbers = [item.value for item in items if item.kind == "metric"]
    for path in (*whole, *(f"/v1/companies/{company}/{name}" for name in ("milestones", "products", "metrics"))):
        query = data.draw(queries(path, numbers), label=path)
        wanted = in_order((item for item in members(items, path) if matches(item, query)), query["sort"], sorts_of(path))
        pages = list(world.walk(path, query))

        assert [url for page in pages for url in page] == [address(item) for item in wanted], (path, query)
        assert all(len(page) == int(query["limit"]) for page in pages[:-1])
        assert world.client.get(path, params=query | {"total": "true"}).json()["total"] == len(wanted)


@pytest.mark.parametrize("sort", ["value", "-value"])
def test_a_page_may_end_at_any_number(world: World, sort: str) -> None:
    """At those too that SQLite converts to a double that is not the nearest one."""
    metrics = [Item("metric", f"m{number}", "M", "a", word="users", value=value) for number, value in enumerate(VALUES)]
    items = world.fill([Item("source", "report", "Report"), Item("company", "a", "A"), *metrics])
    metrics = members(items, "/v1/metrics")
    pages = list(world.walk("/v1/metrics", {"sort": sort, "limit": "1"}))

    assert pages == [[address(item)] for item in in_order(metrics, sort, sorts_of("/v1/metrics"))]
    for item in metrics:
        query = {"minimum": f"{item.value:f}", "maximum": f"{item.value:f}"}
        assert list(world.walk("/v1/metrics", query)) == [[address(item)]]


@given(st.lists(DECIMALS, min_size=250, max_size=250, unique=True))
@examples(3)
def test_values_of_every_size_are_paged_one_by_one(world: World, values: list[Decimal]) -> None:
    """Among so many decimals SQLite converts some to a double that is not the nearest one."""
    metrics = [Item("metric", f"m{number}", "M", "a", word="users", value=value) for number, value in enumerate(values)]
    items = world.fill([Item("source", "report", "Report"), Item("company", "a", "A"), *metrics])
    metrics = members(items, "/v1/metrics")
    for sort in ("value", "-value"):
        pages = world.walk("/v1/metrics", {"sort": sort, "limit": "7"})
        wanted = in_order(metrics, sort, sorts_of("/v1/metrics"))
        assert [url for page in pages for url in page] == [address(item) for item in wanted]
    for item in metrics[::25]:
        query = {"minimum": f"{item.value:f}", "maximum": f"{item.value:f}"}
        assert list(world.walk("/v1/metrics", query)) == [[address(item)]]
