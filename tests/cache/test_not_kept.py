"""What is not to be given again is not kept, and what must reach the application does."""

import asyncio
import gzip

import pytest
from starlette.types import Message

from app.database.database import Database
from app.middleware.cache import LARGEST_BODY, ResponseCache
from tests.cache.asking import GZIP, PLAIN, Served, ask, cache_of
from tests.changes.asgi import Call, application
from tests.changes.writing import write
from tests.properties.raw_http import get, send
from tests.server import RunningServer

COMPANY = "/v1/companies/baidu"


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/v1/companies/nobody", {}),
        ("/v1/companies?limit=0", {}),
        ("/v1/companies?contry=CN", {}),
        ("/v1/companies", {"Accept": "image/png"}),
        ("/v1/companies?as_of=10", {}),
        (f"{COMPANY}?as_of=10", {}),
        (f"{COMPANY}/profile?as_of=10", {}),
        ("/v1/changes?since=1&wait=1", {}),
        ("/health/ready", {}),
        ("/nothing", {}),
    ],
)
def test_an_error_the_past_and_no_store_are_not_kept(served: Served, address: str, headers: dict[str, str]) -> None:
    assert not served.is_kept(address, {**PLAIN, **headers})


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "DELETE", "PATCH"])
def test_only_get_and_head_are_served_from_the_cache(served: Served, method: str) -> None:
    ask(served.client, COMPANY)
    hits = served.cache.hits

    assert ask(served.client, COMPANY, method=method).status >= 400
    assert served.cache.hits == hits


def test_what_was_posted_is_answered_each_time(served: Served) -> None:
    body = {"queries": '{"a": {"query": "Baidu"}}'}
    answers = [served.client.post("/reconcile", data=body) for _ in range(2)]
    hits = served.cache.hits

    assert [answer.status_code for answer in answers] == [200, 200]
    assert served.cache.hits == hits


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "no-cache"},
        {"Cache-Control": "max-age=0, No-Cache"},
        {"Cache-Control": "no-store"},
        {"Range": "bytes=0-9"},
        {"Profiles-Minimum-Revision": "1"},
        {"Content-Length": "0"},
        {"Transfer-Encoding": "chunked"},
    ],
)
def test_a_request_that_the_application_must_see_reaches_it(served: Served, headers: dict[str, str]) -> None:
    ask(served.client, COMPANY)
    before = (served.cache.hits, served.cache.misses)
    answer = served.client.request("GET", COMPANY, headers={**PLAIN, **headers}, content=b"")

    assert answer.json()["slug"] == "baidu"
    assert (served.cache.hits, served.cache.misses) == before


def test_a_header_that_is_given_twice_is_for_the_application_to_judge(server: RunningServer) -> None:
    cache = cache_of(server)
    before = (cache.hits, cache.misses)
    twice = get(server, "/v1/companies?limit=7", "Accept: text/csv", "Accept: application/json;q=0.5")

    assert twice.headers["content-type"].startswith("text/csv")
    assert (cache.hits, cache.misses) == before
    assert get(server, "/v1/companies?limit=7", "Accept: application/json;q=0.5").headers["content-type"] == "application/json"


def test_a_request_without_a_host_gets_the_address_of_its_socket(server: RunningServer) -> None:
    cache = cache_of(server)
    before = (cache.hits, cache.misses)
    answer = send(server, b"GET /v1/companies/baidu?format=jsonld HTTP/1.0\r\n\r\n")

    assert f'"{server.url}/v1/companies/baidu"'.encode() in answer.body
    assert (cache.hits, cache.misses) == before


@pytest.fixture
def many_companies(database: Database) -> int:
    """How many companies there are whose list takes more than a megabyte, and whose CSV less."""
    count = LARGEST_BODY // 400
    write(database, *(f"company-{number:05}" for number in range(count)))
    return count


def test_a_body_over_a_megabyte_is_not_kept_and_a_smaller_one_is(own: Served, many_companies: int) -> None:
    whole = ask(own.client, "/v1/companies?format=ndjson")
    shorter = ask(own.client, "/v1/companies?format=csv")

    assert whole.body.count(b"\n") == many_companies
    assert len(whole.body) > LARGEST_BODY > len(shorter.body)
    assert not own.is_kept("/v1/companies?format=ndjson")
    assert own.is_kept("/v1/companies?format=csv")
    assert own.is_kept("/v1/companies?format=ndjson", GZIP)  # a body is what is sent
    assert gzip.decompress(ask(own.client, "/v1/companies?format=ndjson", GZIP).body) == whole.body


class Reading(Call):
    """A client that takes some of the body and then hangs up."""

    async def _send(self, message: Message) -> None:
        await super()._send(message)
        if len(self.body) > 1000:
            self.hang_up()
            await asyncio.Event().wait()  # nothing more is taken


def test_a_response_that_breaks_off_is_not_kept(url: str, many_companies: int) -> None:
    async def scenario() -> None:
        async with application(url) as (app, _):
            broken = Reading(app, "/v1/companies", "format=csv")
            await asyncio.wait_for(broken.task, 30)
            whole = Call(app, "/v1/companies", "format=csv")
            await asyncio.wait_for(whole.task, 30)

            assert (broken.status, whole.status) == (200, 200)
            assert len(broken.body) < len(whole.body)
            assert whole.body.count(b"\n") == many_companies + 1
            assert isinstance(app, ResponseCache)
            assert app.hits == 0

    asyncio.run(scenario())
