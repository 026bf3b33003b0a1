"""Under a root path and another host, every URL of a response is the public one, and nothing else differs."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.root_path import under_root_path

PUBLIC = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "facts.example", "X-Forwarded-Prefix": "/profiles"}
PREFIX = "/profiles"
COMPANY = "/v1/companies/baidu"
JSON = (
    "/v1", "/v1/companies?limit=1", "/v1/companies?include=milestones", COMPANY, f"{COMPANY}/profile", f"{COMPANY}/history",
    f"{COMPANY}/metrics?growth=true", "/v1/companies/baidoo", "/v1/companies?limit=0", "/v1/milestones?fields=url,company_url",
    "/v1/timeline?group=year", "/v1/sources", "/v1/search?q=ai&limit=1", "/v1/suggest?q=ba", "/v1/changes?limit=3",
    "/v1/compare?companies=baidu,kuaishou", "/v1/stats", "/v1/datasets/schema", "/openapi.json", "/nothing",
)  # fmt: skip
ROWS = ("/v1/milestones?format=csv", "/v1/milestones?format=csv&limit=2", "/v1/search?q=ai&format=csv",
        "/v1/changes?format=csv", "/v1/compare?companies=baidu,kuaishou&format=csv")  # fmt: skip
LINES = ("/v1/milestones?format=ndjson", "/v1/metrics?format=ndjson&limit=1", "/v1/changes?format=ndjson")
VARYING = ("date", "content-length", "etag", "x-request-id")


def texts_of(value: Any, name: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Every text in a value, with the name of the member that holds it."""
    if isinstance(value, dict):
        for member, inner in value.items():
            yield from texts_of(inner, member)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, name)
    elif isinstance(value, str):
        yield name, value


def moved(text: str, wanted: str) -> bool:
    """Whether a text is the public form of a URL."""
    in_words = text.replace(" /docs ", f" {PREFIX}/docs ")
    return wanted in ((PREFIX + text, PREFIX + text.removesuffix("/")) if text.startswith("/") else (in_words,))


@pytest.mark.parametrize("address", [*JSON, *LINES])
@pytest.mark.any_engine
def test_every_url_in_json_has_the_root_path_and_nothing_else_differs(client: httpx.Client, address: str) -> None:
    plain, public = client.get(address), client.get(address, headers=PUBLIC)

    assert public.status_code == plain.status_code
    for before, after in zip(plain.text.splitlines(), public.text.splitlines(), strict=True):
        texts = list(zip(texts_of(json.loads(before)), texts_of(json.loads(after)), strict=True))
        urls = [name for (name, text), (_, other) in texts if moved(text, other)]
        changed = [pair for pair in texts if pair[0] != pair[1] and not moved(pair[0][1], pair[1][1])]
        left = [text for name, text in texts_of(json.loads(after)) if text.startswith("/v1/") and name != "default"]
        assert urls or address == "/v1/stats"
        assert [pair for pair in changed if pair[0][0] != "instance"] == []
        assert left == [] or address == "/openapi.json"
    assert link_of(public) == link_of(plain).replace("</", f"<{PREFIX}/")


def link_of(response: httpx.Response) -> str:
    return str(response.headers.get("link", ""))


@pytest.mark.parametrize("address", ROWS)
@pytest.mark.any_engine
def test_urls_in_csv_have_the_root_path(client: httpx.Client, address: str) -> None:
    plain, public = client.get(address), client.get(address, headers=PUBLIC)

    assert "/v1/" in plain.text
    assert public.text == plain.text.replace("/v1/", "/profiles/v1/")


@pytest.mark.parametrize("address", ["/v1/milestones?format=xlsx", "/v1/milestones?format=xlsx&limit=1"])
@pytest.mark.any_engine
def test_urls_in_a_workbook_are_the_public_ones(client: httpx.Client, address: str) -> None:
    workbook = zipfile.ZipFile(io.BytesIO(client.get(address, headers=PUBLIC).content))
    texts = b"".join(workbook.read(name) for name in workbook.namelist() if name.endswith(".xml")).decode()

    assert "https://facts.example/profiles/v1/sources" in texts
    assert f"https://facts.example/profiles{address.replace('&', '&amp;')}" in texts
    assert "/profiles/v1/companies/baidu/milestones/founded" in texts
    assert ">/v1/" not in texts


@pytest.mark.any_engine
def test_linked_data_and_the_reconciliation_manifest_name_the_public_host(client: httpx.Client) -> None:
    company = client.get(f"{COMPANY}?format=jsonld", headers=PUBLIC).json()
    manifest = client.get("/reconcile", headers=PUBLIC).json()

    assert company["@id"] == "https://facts.example/profiles/v1/companies/baidu"
    assert manifest["view"]["url"] == "https://facts.example/profiles/v1/companies/{{id}}"
    assert manifest["suggest"]["entity"]["service_url"] == "https://facts.example/profiles"


@pytest.mark.any_engine
def test_openapi_names_the_root_path_as_its_server(client: httpx.Client) -> None:
    assert client.get("/openapi.json", headers=PUBLIC).json()["servers"][0]["url"] == "/profiles"
    assert client.get("/openapi.json").json()["servers"][0]["url"] == "/"


@pytest.mark.parametrize("address", ["/", "/docs", "/redoc", "/problems", "/problems/not-found", "/reconcile/preview?id=baidu"])
@pytest.mark.any_engine
def test_pages_link_and_load_only_what_is_under_the_root_path(client: httpx.Client, address: str) -> None:
    page = client.get(address, headers=PUBLIC)

    assert page.headers["content-type"].startswith("text/html")
    links = [part.partition('"')[0] for name in ('href="', 'src="') for part in page.text.split(name)[1:]]
    assert [link for link in links if not link.startswith(("/profiles/", "#content", "#"))] == []


@pytest.mark.any_engine
def test_an_event_names_its_resource_under_the_root_path(client: httpx.Client) -> None:
    with client.stream("GET", "/v1/changes/stream?since=0", headers=PUBLIC) as response:
        lines = (line for line in response.iter_lines() if line.startswith("data:") and "url" in line)
        assert json.loads(next(lines)[5:])["url"].startswith("/profiles/v1/")


@pytest.mark.parametrize("address", [COMPANY, "/v1", "/reconcile", "/v1/milestones?format=csv"])
@pytest.mark.any_engine
def test_an_etag_names_the_body_with_its_urls(client: httpx.Client, address: str) -> None:
    plain, public = client.get(address).headers["etag"], client.get(address, headers=PUBLIC).headers["etag"]

    def status(condition: str, headers: dict[str, str]) -> int:
        return client.get(address, headers={**headers, "If-None-Match": condition}).status_code

    assert (status(public, PUBLIC), status(plain, {})) == (304, 304)
    assert (status(plain, PUBLIC), status(public, {})) == (200, 200)
    assert status(f'"other", {public}', PUBLIC | {"Cache-Control": "no-cache"}) == 304
    assert client.get(address, headers={**PUBLIC, "If-None-Match": public}).headers["etag"] == public


def test_a_cached_response_is_never_that_of_another_root_path(client: httpx.Client) -> None:
    prefixes = ["/one", "/two", "/one", "/two/three"]

    found = [client.get(COMPANY, headers={"X-Forwarded-Prefix": prefix}).json()["url"] for prefix in prefixes]

    assert found == [f"{prefix}{COMPANY}" for prefix in prefixes]
    assert client.get(COMPANY).json()["url"] == COMPANY


def test_head_has_the_headers_of_get(client: httpx.Client) -> None:
    got, headed = (client.request(method, "/v1/companies?limit=1", headers=PUBLIC).headers for method in ("GET", "HEAD"))

    assert {name: value for name, value in got.items() if name not in VARYING[:1] + VARYING[3:]} == {
        name: value for name, value in headed.items() if name not in VARYING[:1] + VARYING[3:]
    }


NAMES = st.sampled_from(["url", "company_url", "next", "title", "facts", "note", "before", "after", "field", "text"])
TEXTS = st.one_of(
    st.sampled_from(["/v1/companies/x", "/", '"url":"/v1/x"', '","url":"/v1/', "\\", '"', 'a\\"url":"/v1/', "url"]), st.text()
)
VALUES = st.recursive(
    st.one_of(TEXTS, st.none(), st.integers(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["title", "note", "text"]), TEXTS))
def test_no_text_is_taken_for_a_url(document: dict[str, str]) -> None:
    for written in (json.dumps(document, separators=(",", ":")), json.dumps(document, separators=(",", ":"), ensure_ascii=False)):
        assert under_root_path(written, PREFIX) == written


@given(VALUES)
def test_json_stays_json_and_differs_only_in_texts_that_start_with_a_slash(value: object) -> None:
    written = json.dumps(value, separators=(",", ":"))

    before, after = (list(texts_of(json.loads(text))) for text in (written, under_root_path(written, PREFIX)))

    assert all(pair[0] == pair[1] or moved(pair[0][1], pair[1][1]) for pair in zip(before, after, strict=True))
    for (name, text), (_, other) in zip(before, after, strict=True):
        if name in ("title", "note", "text"):
            assert text == other
