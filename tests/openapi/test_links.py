"""The links of the OpenAPI document lead from a resource to what can be asked of it."""

import re
from typing import Any

import httpx
import pytest

from tests.openapi.documents import Document

RESOURCES = (
    "/v1/companies/kuaishou",
    "/v1/companies/baidu/milestones/founded",
    "/v1/companies/kuaishou/products/gif-product",
    "/v1/companies/kuaishou/metrics/revenue",
    "/v1/sources/chinas-sci-tech-is-going-global",
)

Link = dict[str, Any]


def links_of(document: Document, method: str, template: str, status: str) -> dict[str, Link]:
    """The links of an answer by the operations that they lead to."""
    answer = document.paths()[template][method]["responses"][status]
    names = [reference["$ref"].rpartition("/")[2] for reference in answer["links"].values()]
    return {name: document.content["components"]["links"][name] for name in names}


def template_of(document: Document, address: str) -> str:
    """The path of the document that an address is of."""
    paths: list[str] = list(document.content["paths"])
    [template] = [path for path in paths if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), address)]
    return template


def read(expression: str, answer: httpx.Response) -> str:
    """What a runtime expression means for an answer (OpenAPI 3.1, section 4.8.20.4)."""
    if expression.startswith("$response.header."):
        return str(answer.headers[expression.removeprefix("$response.header.")])
    return str(answer.json()[expression.removeprefix("$response.body#/")])


@pytest.mark.parametrize("address", RESOURCES)
def test_what_was_answered_leads_to_what_can_be_read_of_it(document: Document, client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    reads = {}
    for operation in document.operations():
        link = links_of(document, "get", template_of(document, address), "200").get(operation.content["operationId"])
        if link and operation.name.startswith("GET "):
            values = {name: read(expression, answer) for name, expression in link["parameters"].items()}
            reads[operation.path] = client.get(operation.path.format(**values)).status_code

    assert len(reads) > 1
    assert set(reads.values()) == {200}


@pytest.mark.parametrize("address", RESOURCES)
def test_every_response_that_is_a_resource_says_how_to_change_it(document: Document, address: str) -> None:
    template = template_of(document, address)
    places = [
        ("get", template, "200"),
        ("put", template, "200"),
        ("patch", template, "200"),
        ("post", template.rpartition("/")[0], "201"),
    ]
    for place in places:
        links = links_of(document, *place)
        conditional = [name for name, link in links.items() if link["parameters"].get("if-match") == "$response.header.ETag"]
        assert {name.partition("_")[0] for name in conditional} >= {"replace", "change", "delete"}, place
