"""Methods, formats and conditions: what a request may ask of an address, and what it gets where it asks for something else."""

import pytest

from tests.properties.addresses import LISTS, PAGES, RESOURCES, WRITES
from tests.properties.raw_http import get
from tests.server import RunningServer


@pytest.mark.any_engine
@pytest.mark.parametrize("path", [*LISTS, *RESOURCES])
@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/json;q=0",
        "*/*;q=0",
        "application/xml, image/*",
        "garbage",
        ";;;",
        ",,x",
        "application/json;q=NaN",
        "application/json;q=2",
        "application/json;q=",
        "application/json;q=-1",
        "\xff\xfe",
        "a" * 4000,
    ],
)
def test_an_accept_without_a_format_that_exists_is_not_acceptable(server: RunningServer, path: str, accept: str) -> None:
    answer = get(server, path, f"Accept: {accept}")

    assert answer.status == 406, answer
    assert answer.problem["suggestions"][0] == "application/json"


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/*", "application/json", "APPLICATION/JSON; charset=utf-8", ", ,*/*", "text/html, */*;q=0.1"],
)
def test_an_accept_that_allows_json_gets_it(server: RunningServer, accept: str) -> None:
    answer = get(server, "/v1/companies", f"Accept: {accept}")

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.any_engine
@pytest.mark.parametrize("path", [*LISTS, *RESOURCES, *PAGES])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "BREW"])
def test_another_method_is_not_allowed_and_says_which_are(server: RunningServer, path: str, method: str) -> None:
    answer = get(server, path, method=method)

    if method == "BREW":  # the parser of uvicorn knows the registered methods only
        assert answer.status in (400, 405)
        return
    allowed = [*WRITES.get(path, ()), "GET", "HEAD"]
    if method in allowed:
        assert answer.problem["type"] == "/problems/read-only"
        return
    assert answer.status == 405, answer
    assert answer.problem["type"] == "/problems/method-not-allowed"
    assert answer.headers["allow"] == ", ".join(sorted(allowed))


@pytest.mark.parametrize("path", [*LISTS, *RESOURCES, *PAGES, "/nowhere", "/v1/companies?x"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_has_the_headers_of_get_and_no_body(server: RunningServer, path: str, encoding: str) -> None:
    # Framing is between server and client. A nonce is new in each page, and so is the length of its compressed form.
    changing = ["x-request-id", "date", "transfer-encoding", "content-security-policy"]
    changing += ["content-length"] * (path in PAGES and encoding == "gzip")
    for query in ("", "?format=csv", "?format=ndjson&limit=1") if path in LISTS else ("",):
        wanted, head = (get(server, path + query, f"Accept-Encoding: {encoding}", method=method) for method in ("GET", "HEAD"))

        assert head.body == b""
        assert head.status == wanted.status
        assert {**head.headers, **dict.fromkeys(changing)} == {**wanted.headers, **dict.fromkeys(changing)}, path + query


@pytest.mark.parametrize("path", [*LISTS, *RESOURCES])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_copy_that_is_current_is_not_sent_again(server: RunningServer, path: str, encoding: str) -> None:
    accepts = f"Accept-Encoding: {encoding}"
    etag = get(server, path, accepts).headers["etag"]
    for header in (etag, f"W/{etag}", f'"other", {etag}', f'W/"other" ,W/{etag}', "*", " * "):
        answer = get(server, path, accepts, f"If-None-Match: {header}")
        assert (answer.status, answer.body) == (304, b""), header
        assert answer.headers["etag"].replace("-gzip", "") == etag.replace("-gzip", "")
    assert get(server, path, accepts, 'If-None-Match: "other"', f"If-None-Match: {etag}").status == 304
    for header in ('"other"', etag.strip('"'), "", '"', "W/", "**", f"{etag}x"):
        assert get(server, path, accepts, f"If-None-Match: {header}").status == 200, header
