"""Formats, conditional requests, compression and HEAD, for every address and not a sample."""

import csv
import gzip
import io
import json

import httpx
import pytest

from app.http.conditional import matching_etag
from tests.conftest import ServeDataset

SOURCE = "chinas-sci-tech-is-going-global"
LISTS = (
    "/v1/companies",
    "/v1/milestones",
    "/v1/products",
    "/v1/metrics",
    "/v1/sources",
    "/v1/companies/baidu/milestones",
    "/v1/companies/baidu/products",
    "/v1/companies/baidu/metrics",
    f"/v1/sources/{SOURCE}/facts",
)
SINGLES = (
    "/v1/companies/baidu",
    "/v1/companies/baidu/profile",
    "/v1/companies/baidu/milestones/founded",
    "/v1/companies/kuaishou/metrics/revenue",
    "/v1/companies/baidu/products/baidu-ai-cloud",
    f"/v1/sources/{SOURCE}",
    "/v1/stats",
)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_the_same_in_json_ndjson_and_csv(client: httpx.Client, address: str) -> None:
    items = client.get(f"{address}?limit=200").json()["items"]
    lines = client.get(f"{address}?format=ndjson")
    table = client.get(address, headers={"Accept": "text/csv"})

    assert [json.loads(line) for line in lines.text.splitlines()] == items
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [row["url"] for row in rows] == [item["url"] for item in items]
    assert [int(row["revision"]) for row in rows] == [item["revision"] for item in items]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_in_csv_with_a_limit_is_a_page_with_a_link_to_the_next(client: httpx.Client, address: str) -> None:
    whole = client.get(f"{address}?format=csv").text.splitlines(keepends=True)
    page = client.get(f"{address}?format=csv&limit=1")

    assert page.text == "".join(whole[:1]) + client.get(f"{address}?format=csv&limit=1").text.removeprefix(whole[0])
    assert ("link" in page.headers) == (len(client.get(f"{address}?limit=2").json()["items"]) == 2)


@pytest.mark.parametrize("address", LISTS)
def test_the_link_header_and_next_name_the_same_page(client: httpx.Client, address: str) -> None:
    answer = client.get(f"{address}?limit=1")
    following = answer.json()["next"]

    assert answer.headers.get("link") == (f'<{following}>; rel="next"' if following else None)


@pytest.mark.parametrize("address", [*LISTS, *SINGLES])
def test_a_response_that_the_client_has_is_a_304_without_body(client: httpx.Client, address: str) -> None:
    for headers in ({"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}):
        etag = client.get(address, headers=headers).headers["etag"]
        for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            answer = client.get(address, headers={**headers, "If-None-Match": condition})
            assert (answer.status_code, answer.content) == (304, b""), condition
            assert "content-length" not in answer.headers or answer.headers["content-length"] == "0"
        assert client.get(address, headers={**headers, "If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("address", [*LISTS, *SINGLES])
def test_head_gives_the_headers_of_get_and_no_body(client: httpx.Client, address: str) -> None:
    get, head = client.get(address), client.head(address)

    assert head.content == b""
    varying = ("x-request-id", "date")
    assert {k: v for k, v in head.headers.items() if k not in varying} == {
        k: v for k, v in get.headers.items() if k not in varying
    }


@pytest.mark.parametrize("address", LISTS)
def test_head_of_a_stream_reads_no_rows(client: httpx.Client, address: str) -> None:
    answer = client.head(f"{address}?format=csv")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("address", [*LISTS, *SINGLES])
def test_responses_may_be_stored_and_must_be_revalidated(client: httpx.Client, address: str) -> None:
    headers = client.get(address).headers

    assert headers["cache-control"] == "no-cache"
    assert "accept" in {name.strip().lower() for name in headers["vary"].split(",")}


def test_each_format_and_encoding_has_an_etag_of_its_own(client: httpx.Client) -> None:
    tags = {
        client.get(f"/v1/companies?format={format}", headers={"Accept-Encoding": encoding}).headers["etag"]
        for format in ("json", "csv", "ndjson")
        for encoding in ("gzip", "identity")
    }

    assert len(tags) == 6


def test_a_compressed_response_holds_the_same_bytes(client: httpx.Client) -> None:
    with client.stream("GET", "/v1/companies/baidu/profile", headers={"Accept-Encoding": "gzip"}) as answer:
        compressed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
    plain = client.get("/v1/companies/baidu/profile", headers={"Accept-Encoding": "identity"}).content

    assert gzip.decompress(compressed) == plain
    assert len(compressed) < len(plain) / 2


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/json;q=0.5, text/csv", "text/csv; charset=utf-8"),
        ("application/json;q=0, application/*", "application/x-ndjson"),
        ("application/jsonl", "application/x-ndjson"),
        ("APPLICATION/JSON", "application/json"),
    ],
)
def test_the_accept_header_chooses_the_format(client: httpx.Client, accept: str, media_type: str) -> None:
    assert client.get("/v1/companies", headers={"Accept": accept}).headers["content-type"] == media_type


@pytest.mark.any_engine
@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/png, text/html", "nonsense"])
@pytest.mark.parametrize("address", [*LISTS, *SINGLES])
def test_a_format_that_an_address_does_not_have_is_a_406_that_lists_those_it_has(
    client: httpx.Client, address: str, accept: str
) -> None:
    answer = client.get(address, headers={"Accept": accept})

    assert answer.status_code == 406
    assert "application/json" in answer.json()["suggestions"]


def test_the_format_parameter_wins_over_the_header(client: httpx.Client) -> None:
    answer = client.get("/v1/companies?format=json", headers={"Accept": "text/csv"})

    assert answer.headers["content-type"] == "application/json"


def test_a_cell_that_a_spreadsheet_would_run_is_defused_and_a_negative_number_is_not(serve_dataset: ServeDataset) -> None:
    citation = "citations: [{source: report, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '" + "a" * 64 + "'}]"
    client = serve_dataset(
        f"""
sources: [{{slug: report, title: "@SUM(A1)", type: report, length: 100, sha256: "{"b" * 64}"}}]
companies:
  - slug: alpha
    name: "=HYPERLINK(1)"
    metrics: [{{slug: loss, metric: profit, name: "+1", value: -5, unit: CNY, {citation}}}]
"""
    )

    assert ",'=HYPERLINK(1)," in client.get("/v1/companies?format=csv").text
    assert ",'@SUM(A1)," in client.get("/v1/sources?format=csv").text
    assert ",'+1,-5,CNY," in client.get("/v1/metrics?format=csv").text


@pytest.mark.parametrize(
    "formula",
    ["＝1+1", "＋1", "－1", "＠SUM(1)", "\u200b=1+1", "\ufeff=1+1", "\xad\u3000=1", "\u2060＝1"],  # noqa: RUF001 - meant
)
def test_a_formula_in_full_width_or_behind_what_cannot_be_seen_is_defused(serve_dataset: ServeDataset, formula: str) -> None:
    company = json.dumps(
        {"slug": "alpha", "name": f"{formula}x", "summary": "Not at = the start.", "other_names": [{"name": formula}]}
    )
    client = serve_dataset(f"companies: [{company}]")

    header, row = csv.reader(io.StringIO(client.get("/v1/companies?format=csv").text))
    cells = dict(zip(header, row, strict=True))
    assert (cells["name"], cells["other_names"]) == (f"'{formula}x", f"'{formula}")
    assert cells["summary"] == "Not at = the start."


def test_a_stream_longer_than_a_page_is_whole(serve_dataset: ServeDataset) -> None:
    companies = "".join(f"  - {{slug: company-{i:04}, name: Company {i:04}}}\n" for i in range(1200))
    client = serve_dataset("companies:\n" + companies)

    lines = client.get("/v1/companies?format=ndjson").text.splitlines()
    assert [json.loads(line)["slug"] for line in lines] == [f"company-{i:04}" for i in range(1200)]


@pytest.mark.parametrize(
    ("sent", "is_compressed"),
    [
        ("gzip", True), ("deflate, GZIP;q=0.1", True), ("x-gzip", True), ("*", True), ("br, *;q=0.1", True),
        ("gzip;q=0", False), ("gzip; q=0.000, *", False), ("*;q=0", False), ("identity", False),
        ("gzip;q=nonsense", False), ("", False),
    ],
)  # fmt: skip
def test_a_response_is_compressed_if_the_client_accepts_it(client: httpx.Client, sent: str, *, is_compressed: bool) -> None:
    for _ in range(2):  # the second response comes from the cache
        response = client.get("/v1/companies", headers={"Accept-Encoding": sent})
        assert (response.headers.get("content-encoding") == "gzip") is is_compressed
        assert response.headers["etag"].endswith('-gzip"') is is_compressed


@pytest.mark.parametrize(
    ("condition", "weakly", "strongly"),
    [
        ('"a,b-1"', '"a,b-1"', '"a,b-1"'), ('"x", "a,b-1"', '"a,b-1"', '"a,b-1"'), ('"x",,\t"a,b-1" ,', '"a,b-1"', '"a,b-1"'),
        ('"a,b-1-gzip"', '"a,b-1-gzip"', '"a,b-1-gzip"'), ('W/"a,b-1"', '"a,b-1"', None), (" * ", '"a,b-1"', '"a,b-1"'),
        ('"x", *', None, None), ('"a', None, None), ("a,b-1", None, None), ('"a,b-1"x', None, None), ('w/"a,b-1"', None, None),
        ('"x,"a,b-1""', None, None), ("\xa0*", None, None), ("", None, None),
    ],
)  # fmt: skip
def test_entity_tags_are_compared_by_their_grammar(condition: str, weakly: str | None, strongly: str | None) -> None:
    assert matching_etag(condition, '"a,b-1"') == weakly
    assert matching_etag(condition, '"a,b-1"', strong=True) == strongly
