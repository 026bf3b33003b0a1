"""What a client sends back without a look into it: cursors, keys, entity tags. Whatever it sends, no answer is a 500."""

from base64 import urlsafe_b64encode
from hashlib import blake2b
from urllib.parse import quote, quote_from_bytes

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from app.http.lists.cursors import encode_cursor
from tests.editing.conftest import curator, database, lamps, serve  # noqa: F401 - fixtures
from tests.editing.curator import Curator
from tests.editing.lamps import COMPANY_ADDRESS
from tests.properties.addresses import LISTS
from tests.properties.raw_http import Answer, get
from tests.server import RunningServer

pytestmark = pytest.mark.any_engine

PAGED = (*LISTS, "/v1/search?q=a", "/v1/timeline", "/v1/companies/baidu/history")
SORTS = {
    "/v1/companies": ["name", "-slug", "country,-name", "founded", "-founded,country"],
    "/v1/metrics": ["value", "-value,metric", "period", "company"],
    "/v1/sources": ["title", "-published"],
    "/v1/search?q=a": ["rank", "-rank"],
    "/v1/timeline": ["date", "-date"],
    "/v1/companies/baidu/history": [""],
    "/v1/sources/chinas-sci-tech-is-going-global/facts": ["place", "-place"],
}
HEADER_VALUES = st.binary(max_size=120).map(lambda raw: raw.translate(None, b"\0\r\n").decode("latin-1")) | st.from_regex(
    r'(?:W/)?"[!-~]{0,20}"?(?:[ ,\t]{0,3}(?:W/)?"?[!-~]{0,20}"?){0,4}', fullmatch=True
)
KEY_VALUES = (
    st.integers(-(2**70), 2**70).map(str)
    | st.text(st.characters(codec="utf-8"), max_size=310)
    | st.dates().map(str)
    | st.decimals(allow_nan=True).map(str)
    | st.sampled_from(["\0", "\ud7ff", "0", str(2**31), str(2**63 - 1), str(2**63), "9999-12-31", "0001-01-01", "1E+400"])
)


def refuses(answer: Answer, status: int, name: str) -> None:
    assert answer.status == status, answer
    assert answer.problem["type"] == f"/problems/{name}"


def with_cursor(path: str, cursor: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}cursor={cursor}"


@pytest.mark.parametrize("path", PAGED)
@given(raw=st.binary(min_size=1, max_size=200))
def test_any_text_in_place_of_a_cursor_is_refused(server: RunningServer, path: str, raw: bytes) -> None:
    answer = get(server, with_cursor(path, urlsafe_b64encode(raw).decode().rstrip("=")))
    refuses(answer, 400, "invalid-cursor")
    answer = get(server, with_cursor(path, quote_from_bytes(raw)))
    assert answer.status in (400, 422), answer
    assert answer.problem["detail"]


@pytest.mark.parametrize(("path", "sort"), [(path, sort) for path, sorts in SORTS.items() for sort in sorts])
@given(values=st.lists(KEY_VALUES, max_size=5), old=st.booleans())
@example(values=["0", "0", "a", str(2**40)], old=False)
@example(values=[str(2**40), "0", "a", "1"], old=False)
@example(values=["a", "1"], old=True)
@example(values=["9999-12-31", "1"], old=True)
@example(values=["1", "1"], old=False)
@example(values=["1"], old=False)
def test_a_cursor_made_with_the_source_code_is_refused(
    server: RunningServer,
    path: str,
    sort: str,
    values: list[str],
    old: bool,  # noqa: FBT001 - drawn
) -> None:
    """With any secret but that of the dataset, and as the versions sealed them whose secret was in the code."""
    query = f"{path}{'&' if '?' in path else '?'}sort={quote(sort)}" if sort else path
    scope = path.partition("?")[0]
    if old:
        payload = orjson.dumps(values)
        seal = blake2b(payload + b"\0" + scope.encode(), digest_size=9, key=b"company-profiles cursor 1").digest()
        cursor = urlsafe_b64encode(seal + payload).decode().rstrip("=")
    else:
        cursor = encode_cursor(values, scope, "company-profiles")

    refuses(get(server, with_cursor(query, cursor)), 400, "invalid-cursor")


@pytest.mark.parametrize("name", ["If-None-Match", "If-Match", "If-Modified-Since", "If-Range", "Range"])
@pytest.mark.parametrize("path", ["/v1/companies/baidu", "/v1/companies", "/docs"])
@given(value=HEADER_VALUES)
def test_any_condition_of_a_read_has_an_answer(server: RunningServer, path: str, name: str, value: str) -> None:
    assert get(server, path, f"{name}: {value}").status in (200, 304, 400)


@given(value=HEADER_VALUES)
def test_any_key_is_a_key_or_is_refused(server: RunningServer, value: str) -> None:
    for header in (f"Authorization: {value}", f"Authorization: Bearer {value}", f"X-API-Key: {value}"):
        assert get(server, "/v1/companies/baidu", header).status in (200, 400, 401), header


@given(value=HEADER_VALUES | st.integers(-(2**70), 2**70).map(str))
def test_any_id_of_a_last_event_begins_a_stream_or_is_refused(server: RunningServer, value: str) -> None:
    assert get(server, "/v1/changes/stream", f"Last-Event-ID: {value}", method="HEAD").status in (200, 400, 422)


@given(value=HEADER_VALUES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_key_of_a_request_is_taken_or_refused(curator: Curator, value: str) -> None:  # noqa: F811 - the fixture
    server = RunningServer(str(curator.client.base_url), Starlette())
    authorization = f"Authorization: {curator.client.headers['authorization']}"
    for header in (f"Idempotency-Key: {value}", f"Idempotency-Key: {value}\r\nIdempotency-Key: {value}"):
        answer = get(server, "/v1/companies", authorization, header, "Content-Length: 0", method="POST")
        assert answer.status in (400, 422), answer
    answer = get(server, COMPANY_ADDRESS, authorization, f"If-Match: {value}", method="DELETE")
    assert answer.status in (400, 409, 412, 422, 428), answer
