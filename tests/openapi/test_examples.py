"""The examples in the OpenAPI are what a server with the seed answers."""

import httpx

from app.api.openapi_examples import RECORDED_AT, SHOWN, seed_documents
from tests.databases import SEEDED_AT
from tests.openapi.documents import Document
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
