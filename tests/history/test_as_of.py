"""``as_of``: which revision a number, a time or a day means, and what cannot be asked."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.database.database import Database
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from tests.databases import Databases, settings_for
from tests.datasets.examples import write
from tests.history.newsroom import Newsroom
from tests.server import running_server

LATER = datetime.datetime(2026, 11, 24, 9, 30, tzinfo=datetime.UTC)
EARLIER = datetime.datetime(2026, 11, 22, 23, 59, 59, tzinfo=datetime.UTC)
PATHS = (
    "/v1/companies", "/v1/companies/fern", "/v1/companies/fern/profile", "/v1/companies/fern/milestones",
    "/v1/companies/fern/metrics/sales", "/v1/milestones", "/v1/products", "/v1/metrics", "/v1/sources", "/v1/sources/paper",
    "/v1/sources/paper/facts", "/v1/timeline", "/v1/compare?companies=fern,moss",
)  # fmt: skip


def rename(database: Database, folder: Path) -> None:
    """Writes a company that is called Fern in revision 1, Ferns in revision 2 and Fernhold in revision 3, at given times."""
    for name, when in (("Fern", EARLIER), ("Ferns", LATER), ("Fernhold", LATER + datetime.timedelta(hours=2))):
        file = write(folder, f"companies: [{{slug: fern, name: {name}}}]")
        with database.writing() as connection:
            load(connection, read_dataset([file]), actor="tests", reason="Renamed", clock=lambda when=when: when)  # type: ignore[misc]


@pytest.fixture(scope="module")
def renamed(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server with that company. Tests only read from it."""
    url = databases.copy(databases.migrated)
    database = Database(settings_for(url))
    rename(database, tmp_path_factory.mktemp("renamed"))
    database.engine.dispose()
    with running_server(settings_for(url)) as running, httpx.Client(base_url=running.url, timeout=30) as client:
        yield client
    databases.drop(url)


def name_as_of(client: httpx.Client, as_of: str) -> str | None:
    """The name of the company; None where there was none."""
    answer = client.get("/v1/companies", params={"as_of": as_of})
    assert answer.status_code == 200, answer.text
    names = [company["name"] for company in answer.json()["items"]]
    one = client.get("/v1/companies/fern", params={"as_of": as_of})
    assert names == ([one.json()["name"]] if one.status_code == 200 else [])
    return names[0] if names else None


@pytest.mark.parametrize("as_of", ["2026-11-21", "0001-01-01", "2026-11-22T23:59:58Z", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("path", ["/v1/companies", "/v1/companies/fern"])
def test_a_time_before_the_first_revision_is_told_when_the_log_begins(renamed: httpx.Client, path: str, as_of: str) -> None:
    answer = renamed.get(path, params={"as_of": as_of})

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "as_of")
    assert error["message"].startswith(
        "the log begins later, with revision 1 at 2026-11-22T23:59:59Z; as_of=0 is the state before it"
    )


@pytest.mark.parametrize(
    ("as_of", "name"),
    [
        ("0", None),
        ("1", "Fern"),
        ("2", "Ferns"),
        ("003", "Fernhold"),
        ("2026-11-22", "Fern"),
        ("2026-11-23", "Fern"),
        ("2026-11-24", "Fernhold"),
        ("2099-01-01", "Fernhold"),
        ("9999-12-31", "Fernhold"),
        ("2026-11-22T23:59:59Z", "Fern"),
        ("2026-11-24T09:29:59.999999Z", "Fern"),
        ("2026-11-24T09:30:00Z", "Ferns"),
        ("2026-11-24T10:30:00+01:00", "Ferns"),
        ("2026-11-24T10:29:59+01:00", "Fern"),
        ("2026-11-24T11:29:00Z", "Ferns"),
        ("2026-11-24T11:30:00Z", "Fernhold"),
        ("9999-12-31T23:59:59-12:00", "Fernhold"),
    ],
)
def test_a_revision_a_time_and_a_day_name_what_was_there(renamed: httpx.Client, as_of: str, name: str | None) -> None:
    assert name_as_of(renamed, as_of) == name


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "as_of",
    ["", "now", "-1", "1.0", "+1", " 1", "٣", "2026-11-31", "2026-11", "2026-11-24T09:30:00", "2026-11-24T25:00:00Z",
     "2026-11-24T09:30:00 01:00", "20261124T093000Z", "2026-W48-2T09:30:00Z", "2026-11-24 09:30:00Z", "9" * 41],
)  # fmt: skip
def test_what_names_no_moment_is_refused_with_what_would(renamed: httpx.Client, as_of: str) -> None:
    answer = renamed.get("/v1/companies", params={"as_of": as_of})

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ["as_of"]


def test_a_revision_that_does_not_exist_yet_is_refused_with_the_newest(renamed: httpx.Client) -> None:
    for path in PATHS:
        answer = renamed.get(httpx.URL(path).copy_merge_params({"as_of": "4"}))
        assert answer.status_code == 422, path
        error = {"field": "as_of", "message": "there is no revision 4 yet; the newest is 3"}
        assert answer.json()["errors"] == [error], path


def test_a_day_is_meant_to_its_end_and_a_page_of_it_goes_on_in_it(newsroom: Newsroom) -> None:
    for number in range(5):
        newsroom.create("/v1/companies", {"slug": f"c{number}", "name": f"C{number}"})
    as_of = str(newsroom.newest)
    newsroom.delete("/v1/companies/c1")
    newsroom.change("/v1/companies/c3", {"name": "A3"})
    newsroom.create("/v1/companies", {"slug": "c2b", "name": "C2b"})
    slugs, following = [], f"/v1/companies?limit=1&as_of={as_of}"
    while following:
        page = newsroom.read(following)
        slugs += [company["slug"] for company in page["items"]]
        following = page["next"]

    assert slugs == ["c0", "c1", "c2", "c3", "c4"]


def test_a_cursor_belongs_to_its_moment(newsroom: Newsroom, database: Database, tmp_path: Path) -> None:
    rename(database, tmp_path)
    renamed = newsroom.client
    newsroom.load({"companies": [{"slug": "moss", "name": "Moss"}]})
    cursor = httpx.URL(renamed.get("/v1/companies?limit=1&as_of=4").json()["next"]).params["cursor"]

    assert renamed.get("/v1/companies", params={"limit": 1, "as_of": 4, "cursor": cursor}).status_code == 200
    for other in ({}, {"as_of": 3}):
        answer = renamed.get("/v1/companies", params={"limit": 1, "cursor": cursor, **other})
        assert answer.json()["type"] == "/problems/invalid-cursor"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/search?q=fern",
        "/v1/suggest?q=fern",
        "/v1/changes",
        "/v1/stats",
        "/v1/companies/fern/history",
        "/reconcile/suggest/entity?prefix=f",
    ],
)
def test_what_has_no_past_says_so(renamed: httpx.Client, path: str) -> None:
    answer = renamed.get(httpx.URL(path).copy_merge_params({"as_of": "1"}))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "as_of"


def test_the_etag_of_one_resource_is_that_of_its_version(renamed: httpx.Client) -> None:
    etags = {as_of: renamed.get(f"/v1/companies/fern?as_of={as_of}").headers["etag"] for as_of in (2, 3)}

    assert etags[3] == renamed.get("/v1/companies/fern").headers["etag"] != etags[2]
    assert renamed.get("/v1/companies/fern?as_of=2", headers={"If-None-Match": etags[2]}).status_code == 304


def test_a_head_of_the_past_is_that_of_get(renamed: httpx.Client) -> None:
    for address in ("/v1/companies/fern?as_of=1", "/v1/companies?as_of=1&format=csv"):
        head, get = renamed.head(address), renamed.get(address)
        assert head.status_code == get.status_code == 200
        assert head.headers["etag"] == get.headers["etag"]
        assert head.content == b""
