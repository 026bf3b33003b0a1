"""Bad input gets a problem that names what is wrong and what was expected: never a 500, never a guess."""

import httpx
import pytest

from tests.properties.addresses import LISTS, RESOURCES
from tests.properties.raw_http import Answer, get, send
from tests.server import RunningServer

pytestmark = pytest.mark.any_engine

SEARCHED = "/v1/companies?name="


def field_of(answer: Answer) -> str:
    assert answer.status == 422, answer
    errors = answer.problem["errors"]
    assert len(errors) == 1, errors
    assert errors[0]["message"]
    return str(errors[0]["field"])


@pytest.mark.parametrize("bad", ["%", "%2", "%zz", "%E7%99%BE%", "%u767e", "100%&x"])
@pytest.mark.parametrize("start", [SEARCHED, "/v1/companies/"])
def test_a_broken_percent_encoding_is_malformed(server: RunningServer, start: str, bad: str) -> None:
    answer = get(server, start + bad)

    assert answer.status == 400
    assert answer.problem["type"] == "/problems/malformed-request"
    assert "%25" in answer.problem["detail"]


@pytest.mark.parametrize("bad", ["%FF", "%C3", "%E7%99", "%C0%AF", "%ED%A0%80", "%F5%80%80%80", "%80abc"])
@pytest.mark.parametrize("start", [SEARCHED, "/v1/companies/", "/docs/", "/v1/companies?%"[:-1]])
def test_bytes_that_are_not_utf_8_are_malformed(server: RunningServer, start: str, bad: str) -> None:
    answer = get(server, start + bad)

    assert answer.status == 400
    assert "UTF-8" in answer.problem["detail"]


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
@pytest.mark.parametrize("start", [SEARCHED, "/v1/companies/"])
def test_raw_bytes_that_are_not_utf_8_are_malformed(server: RunningServer, start: str, bad: bytes) -> None:
    assert get(server, start.encode() + bad).status == 400


@pytest.mark.parametrize("bad", ["%00", "a%00b", "%01", "%0A", "%0d%0aSet-Cookie:x", "%7F", "%C2%85", "%1b[2J"])
@pytest.mark.parametrize("start", [SEARCHED, "/v1/companies/", "/v1/companies/baidu/milestones/", "/v1/metrics?metric="])
def test_control_characters_are_malformed(server: RunningServer, start: str, bad: str) -> None:
    answer = get(server, start + bad)

    assert answer.status == 400
    assert "control character" in answer.problem["detail"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("bad", [b"\x00", b"\x01", b"\x0b", b"\x7f", b"\t"])
@pytest.mark.parametrize("start", [SEARCHED, "/v1/companies/"])
def test_raw_control_characters_are_malformed(server: RunningServer, start: str, bad: bytes) -> None:
    assert get(server, start.encode() + bad).status == 400


@pytest.mark.parametrize("address", [f"{SEARCHED}{'a' * 10240}", "/v1/companies/" + "a" * 10240, "/v1/companies?" + "&" * 10240])
def test_an_address_of_ten_kilobytes_is_too_long(server: RunningServer, address: str) -> None:
    answer = get(server, address)

    assert answer.status == 414
    assert answer.problem["type"] == "/problems/address-too-long"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", ["0", "-1", "201", "1000000000", "9" * 400, "1.5", "ten", "", "1e2", "0x10", "NaN", "null"])
def test_an_invalid_limit_is_refused(server: RunningServer, path: str, limit: str) -> None:
    assert field_of(get(server, f"{path}?limit={limit}")) == "limit"


@pytest.mark.parametrize("path", [path for path in LISTS if not path.endswith("/facts")])
@pytest.mark.parametrize(
    "day",
    [
        "2014-02-30",
        "2015-02-29",
        "2014-13-01",
        "2014-00-10",
        "0000-01-01",
        "10000-01-01",
        "2014-13",
        "201",
        "2014-1-1",
        "20140101",
        "",
        "yesterday",
        "1392595200",
        "2014-01-01T00:00:00",
        "-2014-01-01",
        "%EF%BC%92%EF%BC%90%EF%BC%91%EF%BC%94-01-01",
    ],
)
def test_a_day_that_does_not_exist_is_refused(server: RunningServer, path: str, day: str) -> None:
    assert field_of(get(server, f"{path}?from={day}")) == "from"


@pytest.mark.parametrize("path", [path for path in LISTS if not path.endswith("/facts")])
def test_a_range_that_ends_before_it_starts_is_refused(server: RunningServer, path: str) -> None:
    assert field_of(get(server, f"{path}?from=2014-01-02&to=2014-01-01")) == "from"
    assert get(server, f"{path}?from=2014-01-01&to=2014-01-01").status == 200


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-inf", "1e18", "1e999999999", "1e-999999999", "1" * 16, f"1.{'0' * 2000}1", "x", ""]
)
@pytest.mark.parametrize("name", ["minimum", "maximum"])
def test_a_number_that_cannot_be_kept_exactly_is_refused(server: RunningServer, name: str, number: str) -> None:
    assert field_of(get(server, f"/v1/metrics?{name}={number}")) == name


@pytest.mark.parametrize("path", [*LISTS, *RESOURCES])
def test_an_unknown_parameter_is_refused_with_the_nearest_known_one(server: RunningServer, path: str) -> None:
    answer = get(server, f"{path}?formt=json")

    assert field_of(answer) == "formt"
    assert answer.problem["errors"][0]["suggestion"] == "format"


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_sort_key_is_refused_with_the_nearest_known_one(server: RunningServer, path: str) -> None:
    for sort in ("nonsense", "", ",", "slug,", "--slug", "+slug", "slug%00"[:4] + "'", "SLUG", "slug;drop"):
        assert field_of(get(server, f"{path}?sort={sort}")) == "sort", sort


def test_a_parameter_of_one_value_may_be_given_once(server: RunningServer) -> None:
    for query in ("limit=1&limit=2", "limit=1&limit=1", "sort=name&sort=slug", "limit=1&lim%69t=2", "x=&x="):
        assert "more than once" in get(server, f"/v1/companies?{query}").problem["errors"][0]["message"], query
    assert get(server, "/v1/companies?country=CN&country=NO").status == 200


def test_more_mistakes_than_a_person_reads_are_still_one_problem(server: RunningServer) -> None:
    unknown = "&".join(f"p{i}" for i in range(1500))
    repeated = "&".join(f"p{i}&p{i}" for i in range(700))

    for query in (unknown, repeated):
        problem = get(server, f"/v1/companies?{query}").problem
        assert problem["status"] == 422
        assert 1 < len(problem["errors"]) <= 100


@pytest.mark.parametrize("host", ["[", "[::1", "]", "a b", "a/b", "a?b", "a#b", "a@b", "", "\xff", "a:99999999", "a:b", "%00"])
@pytest.mark.parametrize("target", ["/v1/companies?limit=1", "/v1/companies/baidu?format=jsonld", "/", "/nowhere"])
def test_an_invalid_host_changes_nothing_or_is_refused(server: RunningServer, host: str, target: str) -> None:
    answer = get(server, target, host=host)

    assert answer.status in (200, 400, 404), answer
    if answer.status == 200 and "limit" in target:
        assert b'"next":"/v1/companies?' in answer.body


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost/v1/companies",
        "//v1/companies",
        "/v1//companies",
        "/v1/companies/",
        "/V1/companies",
        "/v1/./companies",
        "/v1/companies/../companies",
        "/v1/companies%2Fbaidu",
        "/v1/companies;a=b",
        "*",
        "/v1/companies/baidu%3Fa/milestones",
    ],
)
def test_an_odd_target_is_answered_or_not_found(server: RunningServer, target: str) -> None:
    answer = get(server, target)

    assert answer.status in (200, 308, 404), answer
    if answer.status == 404:
        assert answer.problem["detail"]


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/v1/nowhere", "/v2/companies", "/v1/companies/baidu/nothing", "/%E7%99%BE", "/assets/x/../../pyproject.toml"],
)
def test_an_unknown_address_is_not_found(server: RunningServer, path: str) -> None:
    problem = get(server, path).problem

    assert problem["status"] == 404
    assert problem["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    "slug", ["x" * 200, "%F0%9F%92%A1" * 50, "%EF%BF%BF", "'%3B--", "%25", "%2e%2e", "_", "-", "%C2%A0", "%F4%8F%BF%BF", "%CC%81"]
)
@pytest.mark.parametrize(
    "start", ["/v1/companies/", "/v1/sources/", "/v1/companies/baidu/metrics/", "/v1/companies/baidu/products/"]
)
def test_a_slug_that_cannot_exist_is_not_found(server: RunningServer, start: str, slug: str) -> None:
    assert get(server, start + slug).problem["status"] == 404


def test_a_body_does_not_disturb_a_read(server: RunningServer) -> None:
    body = b"x" * 70_000
    head = f"GET /v1/companies HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    assert send(server, head + body).status in (200, 413)


def test_every_type_of_problem_leads_to_its_page(server: RunningServer) -> None:
    addresses = (
        "/nowhere",
        "/v1/companies?x",
        "/v1/companies?%",
        "/v1/companies?cursor=x",
        "/v1/companies/x",
        f"/v1/companies?{'x' * 9000}",
    )
    kinds = {get(server, address).problem["type"] for address in addresses}
    kinds.add(get(server, "/v1", method="POST").problem["type"])
    kinds.add(get(server, "/v1", "Accept: image/png").problem["type"])

    assert len(kinds) == 7
    for kind in kinds:
        assert httpx.get(server.url + kind).status_code == 200
