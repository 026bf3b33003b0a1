"""Resources as linked data: two readers understand them, without the network."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
import rdflib
from pyld import jsonld  # type: ignore[import-untyped]
from rdflib.namespace import RDF, SDO

from app.api.json_ld import to_json_ld
from tests.conftest import ServeDataset
from tests.http.tables import CITATION, DATASET

SCHEMA = "http://schema.org/"
TYPE = "application/ld+json"
RESOURCES = (
    "/v1/companies/alpha-1",
    "/v1/companies/alpha-1/milestones/opened",
    "/v1/companies/alpha-1/metrics/revenue",
    "/v1/sources/report",
)


@pytest.fixture
def api(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DATASET)


def refuse(url: str, _options: object) -> None:
    raise AssertionError(f"{url} was fetched")


def expanded(client: httpx.Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(address, headers={"Accept": TYPE})
    assert answer.headers["content-type"] == TYPE
    found: list[dict[str, Any]] = jsonld.expand(answer.json(), {"documentLoader": refuse})
    return found


def node(client: httpx.Client, address: str) -> dict[str, Any]:
    [found] = expanded(client, address)
    return found


def value(found: dict[str, Any], term: str) -> Any:  # noqa: ANN401 - a JSON value
    [member] = found[SCHEMA + term]
    return member.get("@value", member.get("@id"))


@pytest.mark.parametrize("address", RESOURCES)
def test_every_term_expands_without_the_network(api: httpx.Client, address: str) -> None:
    found = node(api, address)
    given = api.get(address, headers={"Accept": TYPE}).json()

    assert found["@id"] == str(api.base_url.join(address))
    assert {name for name in found if not name.startswith("@")} == {SCHEMA + name for name in given if not name.startswith("@")}


@pytest.mark.parametrize("address", RESOURCES)
def test_the_parameter_chooses_linked_data_as_the_header_does(api: httpx.Client, address: str) -> None:
    chosen = api.get(f"{address}?format=jsonld")

    assert chosen.content == api.get(address, headers={"Accept": TYPE}).content
    assert chosen.headers["etag"].endswith('-jsonld"')
    assert api.get(f"{address}?format=jsonld", headers={"If-None-Match": chosen.headers["etag"]}).status_code == 304
    assert api.head(f"{address}?format=jsonld").headers["content-type"] == TYPE


def test_an_exact_metric_has_its_value_and_a_bound_its_bound(client: httpx.Client, api: httpx.Client) -> None:
    exact = node(api, "/v1/companies/alpha-1/metrics/revenue")
    metrics = client.get("/v1/metrics").json()["items"]
    bound = next(item for item in metrics if item["qualifier"] in ("more_than", "at_least"))
    found = node(client, bound["url"])

    assert (value(exact, "value"), value(exact, "unitText"), value(exact, "observationDate")) == (123456789012345, "CNY", "2020")
    assert Decimal(str(value(found, "minValue"))) == Decimal(str(bound["value"]))
    assert SCHEMA + "value" not in found


def test_a_fuzzy_date_is_left_out(api: httpx.Client) -> None:
    opened, founded = (node(api, f"/v1/companies/alpha-1/milestones/{slug}") for slug in ("opened", "founded"))

    assert opened[SCHEMA + "startDate"] == [{"@type": SCHEMA + "Date", "@value": "2014-05-06"}]
    assert SCHEMA + "startDate" not in founded


def test_a_fact_names_its_company_and_its_sources(api: httpx.Client) -> None:
    found = node(api, "/v1/companies/alpha-1/milestones/opened")

    assert value(found, "about") == str(api.base_url.join("/v1/companies/alpha-1"))
    assert value(found, "subjectOf") == str(api.base_url.join(f"/v1/sources/{CITATION['source']}"))


def test_a_source_has_its_authors_and_its_type(client: httpx.Client) -> None:
    source = client.get("/v1/sources").json()["items"][0]
    found = node(client, source["url"])

    assert found["@type"] == [SCHEMA + "Article"]
    assert [author[SCHEMA + "name"][0]["@value"] for author in found[SCHEMA + "author"]] == source["authors"]
    assert value(found, "name") == source["title"]


def test_the_licence_of_a_source_is_a_term_if_it_is_a_url(client: httpx.Client) -> None:
    source = client.get("/v1/sources").json()["items"][0]
    licences = ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", None)
    found = [json.loads(to_json_ld(json.dumps(source | {"licence": licence}), "http://localhost")) for licence in licences]

    assert [node.get("license") for node in found] == [licences[0], None, None]


def test_a_profile_is_a_graph_of_the_company_its_facts_and_its_sources(api: httpx.Client) -> None:
    profile = api.get("/v1/companies/alpha-1/profile").json()
    listed = [profile["company"], *(item for name in ("milestones", "metrics", "sources") for item in profile[name]["items"])]

    assert [found["@id"] for found in expanded(api, "/v1/companies/alpha-1/profile")] == [
        str(api.base_url.join(item["url"])) for item in listed
    ]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib itself
def test_rdflib_reads_the_graph_of_a_profile(client: httpx.Client) -> None:
    profile = client.get("/v1/companies/baidu/profile").json()
    graph = rdflib.Graph().parse(data=client.get("/v1/companies/baidu/profile?format=jsonld").text, format="json-ld")
    company = rdflib.URIRef(str(client.base_url.join("/v1/companies/baidu")))
    terms = rdflib.Namespace(str(SDO).replace("https:", "http:"))

    assert (company, RDF.type, terms.Organization) in graph
    assert str(graph.value(company, terms.name)) == "Baidu"
    assert len(set(graph.subjects(terms.about, company))) == len(profile["milestones"]["items"])
    assert len(set(graph.subjects(terms.observationAbout, company))) == len(profile["metrics"]["items"])


def test_a_format_that_a_resource_does_not_have_is_refused(client: httpx.Client) -> None:
    assert client.get("/v1/companies/baidu?format=csv").status_code == 422
    refused = client.get("/v1/companies/baidu/milestones/founded", headers={"Accept": "text/csv"})
    assert json.loads(refused.content)["suggestions"] == ["application/json", TYPE]
