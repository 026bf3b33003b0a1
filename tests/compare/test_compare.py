"""Comparisons over HTTP: products and milestones beside metrics, formats, limits and mistakes."""

import csv
import io

import httpx
import pytest
from sqlalchemy import Connection, event

from app.api.compare.matrix import read_comparison
from app.api.compare.schemas import MOST_FACTS
from app.database.database import Database
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from tests.compare.examples import CITATION, SOURCE, company, metric, rows
from tests.conftest import ServeDataset


def test_only_the_metrics_asked_for_are_compared(serve_dataset: ServeDataset) -> None:
    users = metric("u", "1", "users").replace("metric: revenue", "metric: users")
    api = serve_dataset(SOURCE + company("alpha", metric("a", "2"), users) + company("beta"))

    assert [row["metric"] for row in rows(api)] == ["revenue", "users"]
    assert [row["metric"] for row in rows(api, query="&metric=users")] == ["users"]
    assert rows(api, query="&metric=profit") == []


def test_products_stand_by_category_and_milestones_by_year(serve_dataset: ServeDataset) -> None:
    products = (
        f"[{{slug: one, name: One, category: service, {CITATION}}}, {{slug: two, name: Two, category: platform, {CITATION}}}]"
    )
    milestones = (
        f"[{{slug: some, title: Some time, category: launch, {CITATION}}},"
        f" {{slug: before, title: Before, category: launch, date: ../2014, {CITATION}}},"
        f" {{slug: early, title: Early, category: launch, date: {{edtf: 2000-40, text: early 2000}}, {CITATION}}}]"
    )
    api = serve_dataset(SOURCE + company("alpha", products=products) + company("beta", milestones=milestones))
    answer = api.get("/v1/compare?companies=alpha,beta").json()

    assert [(row["category"], [cell["count"] for cell in row["cells"]]) for row in answer["products"]] == [
        ("platform", [1, 0]),
        ("service", [1, 0]),
    ]
    assert answer["products"][0]["cells"][0]["items"] == [{"name": "Two", "url": "/v1/companies/alpha/products/two"}]
    assert [(row["year"], [cell["count"] for cell in row["cells"]]) for row in answer["milestones"]] == [
        (2000, [0, 1]),
        (2014, [0, 1]),
        (None, [0, 1]),
    ]
    early = answer["milestones"][0]["cells"][1]["items"][0]
    assert (early["url"], early["date"]["text"]) == ("/v1/companies/beta/milestones/early", "early 2000")


def test_the_seed_is_compared_without_comparing_what_must_not_be(client: httpx.Client) -> None:
    answer = client.get("/v1/compare?companies=kuaishou,baidu").json()

    assert [company["slug"] for company in answer["companies"]] == ["kuaishou", "baidu"]
    assert not any(row["comparable"] for row in answer["metrics"])
    compared = [cell["observation"]["url"] for row in answer["metrics"] for cell in row["cells"] if cell["observation"]]
    stored = [
        item["url"] for slug in ("baidu", "kuaishou") for item in client.get(f"/v1/companies/{slug}/metrics").json()["items"]
    ]
    assert sorted(compared) == sorted(stored)
    assert answer["truncated"] is False


def test_the_metrics_come_as_csv_too(serve_dataset: ServeDataset) -> None:
    api = serve_dataset(
        SOURCE + company("alpha", metric("a", "4", period="2020")) + company("beta", metric("b", "6", period="2020"))
    )
    answer = api.get("/v1/compare?companies=alpha,beta", headers={"Accept": "text/csv"})
    [row] = csv.DictReader(io.StringIO(answer.text))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (row["metric"], row["period_edtf"], row["comparable"], row["reasons"]) == ("revenue", "2020", "true", "")
    assert (row["companies_alpha_value"], row["companies_beta_value"], row["companies_beta_ratio"]) == ("4", "6", "1.5")
    assert row["companies_beta_url"] == "/v1/companies/beta/metrics/b"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("companies=baidu", "1 is named; expected 2 to 20 slugs"),
        ("companies=" + ",".join(f"c{i}" for i in range(21)), "21 are named; expected 2 to 20 slugs"),
        ("companies=baidu,baidu", "baidu is named twice"),
        ("companies=baidu,Kuaishou", "'Kuaishou' is no slug; expected 2 to 20"),
        ("companies=baidu,", "'' is no slug"),
        ("companies=baidu%0A,kuaishou", "control character"),
        ("", "is missing"),
        ("companies=baidu,kuaishou&format=ndjson", "json, csv or xlsx"),
        ("company=baidu", "expected one of companies"),
    ],
)
def test_an_invalid_query_is_refused_with_what_to_write_instead(client: httpx.Client, query: str, words: str) -> None:
    answer = client.get(f"/v1/compare?{query}")

    assert answer.status_code in (400, 422)
    assert words in answer.json()["detail"]


def test_each_unknown_company_is_named_with_the_nearest_one(client: httpx.Client) -> None:
    answer = client.get("/v1/compare?companies=bidu,kuaishou,kuaishu,zzz")
    problem = answer.json()

    assert answer.status_code == 404
    assert [(error["message"], error.get("suggestion")) for error in problem["errors"]] == [
        ("There is no company 'bidu'.", "baidu"),
        ("There is no company 'kuaishu'.", "kuaishou"),
        ("There is no company 'zzz'.", None),
    ]
    assert problem["suggestions"] == ["/v1/companies/baidu", "/v1/companies/kuaishou"]


def test_an_unchanged_comparison_is_not_sent_again(client: httpx.Client) -> None:
    address = "/v1/compare?companies=baidu,kuaishou"
    answer = client.get(address)

    assert client.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    head = client.head(address)
    assert (head.status_code, head.headers["etag"], head.content) == (200, answer.headers["etag"], b"")


def statements(connection: Connection, companies: list[str]) -> int:
    counted: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))
    read_comparison(connection, companies, [])
    return len([statement for statement in counted if statement != "BEGIN"])


def test_what_is_read_is_bounded_and_takes_four_statements(database: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    many = [metric(f"m{i}", str(i), scope=f"S{i}", period="2020") for i in range(MOST_FACTS + 3)]
    others = [company(f"c{i}", metric("m", "1", period="2020")) for i in range(19)]
    file = tmp_path_factory.mktemp("compare") / "dataset.yaml"
    file.write_text(SOURCE + company("alpha", *many) + "".join(others), encoding="utf-8")
    with database.writing() as connection:
        load(connection, read_dataset([file]), actor="tests", reason="Test")
    with database.reading() as connection:
        comparison, _ = read_comparison(connection, ["c0", "alpha"], [])
        few = statements(connection, ["c0", "c1"])
    with database.reading() as connection:
        all_of_them = statements(connection, ["alpha", *(f"c{i}" for i in range(19))])

    assert (few, all_of_them) == (4, 4)
    assert comparison.truncated
    assert [company.truncated for company in comparison.companies] == [[], ["metrics"]]
    observed = [cell for row in comparison.metrics for cell in row.cells if cell.observation and cell.company == "alpha"]
    assert len(observed) == MOST_FACTS
