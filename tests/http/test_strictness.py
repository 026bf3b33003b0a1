"""A question is answered as it was asked, or refused with the field and what was expected."""

import httpx
import pytest


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("query", "field", "reported"),
    [
        ("limit=1_0", "limit", "expected a whole number, such as 20"),
        ("limit=1.0", "limit", "expected a whole number, such as 20"),
        ("limit=%201", "limit", "expected a whole number, such as 20"),
        ("limit=0", "limit", "should be greater than or equal to 1"),
        ("limit=1000000000", "limit", "should be less than or equal to 200"),
        ("minimum=1_000", "minimum", "expected a number in plain digits"),
        ("minimum=nan", "minimum", "expected a number in plain digits"),
        ("minimum=2&maximum=1", "minimum", "minimum is greater than maximum"),
        ("from=2017-02-30", "from", "expected a year, month or calendar day as YYYY, YYYY-MM or YYYY-MM-DD"),
        ("from=2017-13", "from", "expected a year, month or calendar day as YYYY, YYYY-MM or YYYY-MM-DD"),
        ("from=0000", "from", "expected a year, month or calendar day as YYYY, YYYY-MM or YYYY-MM-DD"),
        ("to=2017-01-01T00:00:00", "to", "expected a year, month or calendar day as YYYY, YYYY-MM or YYYY-MM-DD"),
        ("from=2018-01-01&to=2017-01-01", "from", "from is after to"),
        ("country=cn", "country", "expected two capital letters, CN for China, not 'cn'"),
        ("country=UK", "country", "GB for United Kingdom"),
        ("country=ZZ", "country", "'ZZ' is not an ISO 3166-1 alpha-2 country code"),
        ("country=CN,US", "country", "to give several, repeat the parameter: country=…&country=…"),
        ("metric=Total%20revenue", "metric", "expected lower-case letters"),
        ("unit=RMB", "unit", "'RMB' is no unit; did you mean CNY?"),
        ("unit=rmb_per_share", "unit", "money per share such as cny_per_share"),
        ("unit=cny_per_head", "unit", "'cny_per_head' is no unit"),
        ("qualifier=more", "qualifier", "did you mean more_than?"),
        ("sort=valu", "sort", "unknown sort key 'valu'"),
        ("cursor=abc", "cursor", "expected a cursor from a `next` URL"),
        ("metric=%00", "metric", "contains the control character U+0000"),
        ("metric=%FF", "metric", "is not valid UTF-8"),
        ("metric=%zz", "metric", "two hexadecimal digits must follow"),
        ("company=kuaisho", "company", "There is no company 'kuaisho'"),
        ("source=nosuch", "source", "There is no source 'nosuch'"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field_and_what_was_expected(
    client: httpx.Client, query: str, field: str, reported: str
) -> None:
    answer = client.get(f"/v1/metrics?{query}")
    [error] = answer.json()["errors"]

    assert answer.status_code in (400, 422)
    assert error["field"] == field
    assert reported in error["message"]


def test_a_text_that_is_too_long_is_reported_in_characters(client: httpx.Client) -> None:
    [error] = client.get("/v1/search", params={"q": "a" * 1001}).json()["errors"]

    assert (error["field"], error["message"]) == ("q", "should have at most 1000 characters, not 1,001")


def test_a_misspelt_company_in_a_filter_gets_the_right_one(client: httpx.Client) -> None:
    [error] = client.get("/v1/milestones?company=badu").json()["errors"]

    assert error["suggestion"] == "baidu"


def test_the_index_has_the_address_of_every_list(client: httpx.Client) -> None:
    links = client.get("/v1").json()["links"]
    paths = client.get("/openapi.json").json()["paths"]

    assert {path for path in paths if path.startswith("/v1/") and "{" not in path} == {
        link for link in links.values() if link.startswith("/v1/")
    }
    readable = set(links.values()) - {"/v1/changes/stream", "/v1/datasets", "/v1/changes/undo"}  # without an end, or for a key
    assert {client.get(link, params={"q": "a", "companies": "baidu,kuaishou"}).status_code for link in readable} <= {
        200,
        422,
    }


@pytest.mark.parametrize("kind", ["milestones", "products", "metrics"])
def test_every_value_of_a_fact_has_a_column_in_csv(client: httpx.Client, kind: str) -> None:
    header = client.get(f"/v1/{kind}?format=csv").text.splitlines()[0].split(",")
    [fact] = client.get(f"/v1/{kind}?limit=1").json()["items"]

    assert {name for name in fact if not any(column == name or column.startswith(f"{name}_") for column in header)} == {
        "kind",
        "company_url",
    }


@pytest.mark.parametrize(
    "address",
    [
        "/problems/" + "x" * 5000,
        "/v1/milestones?" + "&".join(f"company={'c' * 97}-{i:02}&source={'s' * 97}-{i:02}" for i in range(18)),
        "/v1/products?fields=" + "%5C" * 990,
        "/v1/search?q=kuaishuo%20" + "%E7%99%BE" * 800,
        "/v1/compare?companies=" + ",".join(f"{'c' * 95}-{i}" for i in range(20)),
    ],
)
def test_what_is_long_in_a_query_never_breaks_the_response(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code < 500


def test_a_cursor_goes_on_however_the_page_is_shown(client: httpx.Client) -> None:
    for address, shown in (("/v1/companies/kuaishou/metrics", "growth=true"), ("/v1/timeline", "group=year")):
        following = client.get(f"{address}?limit=1&{shown}").json()["next"]
        assert client.get(following.replace(f"&{shown}", "")).status_code == 200


def test_a_misspelt_company_among_the_facts_of_a_source_is_reported(client: httpx.Client) -> None:
    [error] = client.get("/v1/sources/chinas-sci-tech-is-going-global/facts?company=badu").json()["errors"]

    assert (error["field"], error["suggestion"]) == ("company", "baidu")


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("from=2017", "from=2017-01-01"),
        ("from=2017-05", "from=2017-05-01"),
        ("to=2012", "to=2012-12-31"),
        ("to=2012-02", "to=2012-02-29"),
        ("from=2010&to=2014-05&certain=true", "from=2010-01-01&to=2014-05-31&certain=true"),
    ],
)
def test_a_range_may_begin_and_end_with_a_month_or_a_year(client: httpx.Client, short: str, full: str) -> None:
    for path in ("/v1/milestones", "/v1/timeline"):
        by_day = client.get(f"{path}?{full}")
        by_month = client.get(f"{path}?{short}")

        assert by_month.status_code == 200, by_month.text
        assert by_month.json()["items"] == by_day.json()["items"] != []
