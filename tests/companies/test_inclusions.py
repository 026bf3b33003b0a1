"""``include=`` and ``fields=``: companies with their facts, and lists with only some fields."""

import json
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import event

from app.api.companies.include import including
from app.api.companies.parameters import INCLUDABLE, CompaniesWithFactsParameters
from app.database.database import Database
from tests.conftest import ServeDataset

CITATION = "citations: [{source: report, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '" + "a" * 64 + "'}]"


def dataset(companies: int, products: int) -> str:
    text = f'sources: [{{slug: report, title: A report, type: report, length: 100, sha256: "{"b" * 64}"}}]\ncompanies:\n'
    for number in range(companies):
        text += f"  - slug: company-{number}\n    name: Company {number}\n    products:\n"
        for product in range(products):
            text += f"      - {{slug: p-{product:03}, name: P {product:03}, category: product, {CITATION}}}\n"
    return text


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """The statements that are run on the database, as they are run."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_a_company_comes_with_the_facts_that_are_asked_for(client: httpx.Client) -> None:
    answer = client.get("/v1/companies/baidu?include=metrics,milestones").json()

    for kind in ("milestones", "metrics"):
        assert answer[kind] == {"items": client.get(f"/v1/companies/baidu/{kind}").json()["items"], "more": None}
    assert "products" not in answer


def test_each_company_of_a_list_comes_with_its_own_facts(client: httpx.Client) -> None:
    for company in client.get("/v1/companies?include=milestones,products,metrics,citations").json()["items"]:
        for kind in ("milestones", "products", "metrics"):
            assert company[kind]["items"] == client.get(f"/v1/companies/{company['slug']}/{kind}").json()["items"]


def test_of_more_facts_than_fit_the_first_come_with_the_address_of_all(serve_dataset: ServeDataset) -> None:
    [company] = serve_dataset(dataset(1, 51)).get("/v1/companies?include=products").json()["items"]

    assert [item["slug"] for item in company["products"]["items"]] == [f"p-{number:03}" for number in range(50)]
    assert company["products"]["more"] == "/v1/companies/company-0/products"


def test_the_number_of_statements_does_not_grow_with_the_companies(
    serve_dataset: ServeDataset, database: Database, statements: list[str]
) -> None:
    serve_dataset(dataset(40, 3))
    counts = []
    for companies in (1, 20, 40):
        with database.reading() as connection:
            documents = [f'{{"slug":"company-{number}"}}' for number in range(companies)]
            statements.clear()
            extend = including(CompaniesWithFactsParameters(include=",".join(INCLUDABLE), counts=True))
            assert extend is not None
            extended = extend(connection, documents)
            counts.append(len([statement for statement in statements if "SELECT" in statement]))
        assert all(len(json.loads(document)["products"]["items"]) == 3 for document in extended)

    assert counts == [8, 8, 8]


def test_companies_come_with_the_numbers_of_their_facts_and_sources(client: httpx.Client) -> None:
    for company in client.get("/v1/companies?counts=true").json()["items"]:
        profile = client.get(company["profile_url"]).json()
        kinds = ("milestones", "products", "metrics", "sources")
        assert company["counts"] == {kind: len(profile[kind]["items"]) for kind in kinds}


def test_a_company_without_facts_counts_none_and_a_source_counts_once(serve_dataset: ServeDataset) -> None:
    client = serve_dataset(dataset(1, 51) + "  - {slug: bare, name: Bare}\n")
    items = client.get("/v1/companies?counts=true&fields=slug,counts").json()["items"]
    none = {"milestones": 0, "products": 0, "metrics": 0, "sources": 0}
    assert {item["slug"]: item["counts"] for item in items} == {"bare": none, "company-0": none | {"products": 51, "sources": 1}}


def test_the_etag_of_a_company_with_facts_is_that_of_the_newest_revision(client: httpx.Client) -> None:
    alone, with_facts = (client.get(f"/v1/companies/baidu{query}").headers["etag"] for query in ("", "?include=metrics"))

    assert alone.split("-")[1] == "2"
    assert with_facts.split("-")[1] == "64"


@pytest.mark.parametrize("address", ["/v1/companies", "/v1/companies/baidu"])
def test_what_cannot_be_included_is_a_problem_that_names_what_can(client: httpx.Client, address: str) -> None:
    answer = client.get(f"{address}?include=milestone")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["suggestion"] == "milestones"


def test_facts_are_included_in_json_only(client: httpx.Client) -> None:
    for address in ("/v1/companies?format=csv&include=metrics", "/v1/companies/baidu?format=jsonld&include=metrics"):
        assert client.get(address).json()["errors"][0]["field"] == "include"
    assert client.get("/v1/companies?format=csv&counts=true").json()["errors"][0]["field"] == "counts"


LISTS = (
    "companies",
    "milestones",
    "products",
    "metrics",
    "sources",
    "companies/baidu/metrics",
    "sources/chinas-sci-tech-is-going-global/facts",
)


@pytest.mark.parametrize("address", LISTS)
def test_every_list_can_be_slimmed_to_some_fields_in_every_format(client: httpx.Client, address: str) -> None:
    whole = client.get(f"/v1/{address}").json()["items"]
    select_fields = [{"slug": item["slug"], "url": item["url"]} for item in whole]

    assert client.get(f"/v1/{address}?fields=url,slug").json()["items"] == select_fields
    lines = client.get(f"/v1/{address}?fields=url,slug&format=ndjson").text.splitlines()
    assert [json.loads(line) for line in lines][: len(select_fields)] == select_fields
    header = client.get(f"/v1/{address}?fields=url,slug&format=csv").text.splitlines()[0]
    assert sorted(header.split(",")) == ["slug", "url"]


@pytest.mark.parametrize("address", LISTS)
def test_a_field_that_does_not_exist_is_a_problem_with_the_nearest_one(client: httpx.Client, address: str) -> None:
    answer = client.get(f"/v1/{address}?fields=url,slugg")

    assert answer.status_code == 422
    assert [(error["field"], error["suggestion"]) for error in answer.json()["errors"]] == [("fields", "slug")]


def test_the_fields_go_on_to_the_next_page(client: httpx.Client) -> None:
    first = client.get("/v1/products?fields=slug&limit=1").json()

    assert list(client.get(first["next"]).json()["items"][0]) == ["slug"]
