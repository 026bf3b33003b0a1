"""The examples in the OpenAPI are what a server with the seed answers."""

import json

import httpx
import pytest

from app.api.openapi_examples import RECORDED_AT, SHOWN, seed_documents
from tests.databases import SEEDED_AT
from tests.openapi.documents import Document, Json
from tests.openapi.left_out import variants_of


def test_every_document_of_the_seed_is_the_one_that_is_served(client: httpx.Client) -> None:
    assert RECORDED_AT == SEEDED_AT
    documents = seed_documents()

    assert len(documents) == 64
    assert {address: client.get(address).text for address in documents} == documents


def test_the_schemas_show_documents_of_the_seed(client: httpx.Client) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]

    for name, address in SHOWN.items():
        assert schemas[name]["examples"] == [client.get(address).json()]


def test_the_other_formats_show_documents_of_the_seed(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    content = dict(variants_of(paths["/v1/metrics"]["get"]["responses"]["200"]))
    whole = client.get("/v1/metrics?format=csv").text
    linked = dict(variants_of(paths["/v1/companies/{company}"]["get"]["responses"]["200"]))["application/ld+json"]["example"]

    assert content["text/csv"]["example"].splitlines()[1] in whole
    assert linked["name"] == client.get("/v1/companies/baidu?format=jsonld").json()["name"]


def test_required_parameters_have_an_example_that_is_found(client: httpx.Client) -> None:
    for path, operations in Document(client.get("/openapi.json").json()).paths().items():
        given = {p["name"]: p["example"] for p in operations.get("get", {}).get("parameters", []) if p["in"] == "path"}
        if "get" in operations and path.startswith(("/v1/companies/", "/v1/sources/")):
            assert given, path
            assert client.get(path.format(**given)).status_code == 200, path


@pytest.mark.any_engine
def test_an_operation_accepts_the_examples_of_all_its_parameters_at_once(client: httpx.Client) -> None:
    """Postman and Bruno send a parameter that has an example."""
    refused = {}
    for operation in Document(client.get("/openapi.json").json()).operations():
        if not operation.name.startswith("GET") or operation.content["security"]:
            continue
        given = {p["name"]: shown(p) for p in operation.parameters() if p["in"] == "query"}
        with client.stream("GET", operation.example(), params={name: v for name, v in given.items() if v is not None}) as answer:
            if answer.status_code != 200:
                refused[operation.name] = json.loads(answer.read())["detail"]
    assert refused == {}


def shown(parameter: dict[str, Json]) -> Json:
    """What a tool fills in: the example of a parameter, or the first of its schema; None if it has none."""
    return parameter.get("example", parameter["schema"].get("examples", [None])[0])
