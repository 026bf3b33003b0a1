"""The OpenAPI document is valid, complete, and true to the server: names, words, limits, examples and errors."""

import json
import re

import httpx
import jsonschema_rs
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.middleware.urls import REPEATABLE
from tests.openapi.documents import Document, Json
from tests.openapi.left_out import variants_of

READING_STATUSES = {"200", "304", "422", "default"}
LIST_STATUSES = READING_STATUSES | {"400"}
WRITING_STATUSES = {"401", "403", "422", "default"}
CHANGE_STATUSES = {"308", "404", "409", "410", "412", "428"}
OTHER_STATUSES = {
    "load_dataset": WRITING_STATUSES | {"200"},
    "export_dataset": WRITING_STATUSES | {"200", "304"},
    "undo_changes": WRITING_STATUSES | {"200", "409"},
    "merge_company": WRITING_STATUSES | CHANGE_STATUSES | {"200"},
    "reconcile": READING_STATUSES - {"304"},
    "match": READING_STATUSES - {"304"},
    "extend": READING_STATUSES - {"304"},
    "get_liveness": {"200", "400", "default"},
    "get_readiness": {"200", "400", "503", "default"},
    "stream_changes": {"200", "422", "default"},
}
COMMON_STATUSES = {400, 406, 408, 413, 414, 415, 429, 431, 500, 503, 507}
"""Of the problems that any request may get."""


def test_the_document_is_valid_openapi(document: Document) -> None:
    assert document.content["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document.content).iter_errors()) == []


def test_the_server_gives_the_same_document(document: Document, client: httpx.Client) -> None:
    assert client.get("/openapi.json").json() == document.content


def test_operations_have_names_that_clients_can_use(document: Document) -> None:
    names = [operation.content["operationId"] for operation in document.operations()]

    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(?:_[a-z]+)*", name)] == []


def test_components_are_named_for_what_they_are(document: Document) -> None:
    """Where two have one name, a title gives the second another one (app/http/openapi_sharing.py)."""
    names = [name for components in document.content["components"].values() for name in components]

    assert [name for name in names if "_of_" in name] == []


def test_operations_are_described_and_sorted_under_declared_tags(document: Document) -> None:
    tags = {tag["name"] for tag in document.content["tags"] if tag["description"]}

    for name, _, operation in document.operations():
        assert operation["summary"], name
        assert operation["description"].endswith("."), name
        assert operation["tags"], name
        assert set(operation["tags"]) <= tags, name
    assert tags == {tag for operation in document.operations() for tag in operation.content["tags"]}


def test_every_parameter_is_described_and_has_an_example(document: Document) -> None:
    assert [name for name, parameter in document.parameters() if not parameter.get("description")] == []
    # No cursor works everywhere.
    wanting = [name for name, parameter in document.parameters() if not document.has_example(parameter["schema"])]
    assert [name for name in wanting if not name.endswith(" cursor")] == []


def test_no_parameter_may_be_null(document: Document) -> None:
    assert [name for name, parameter in document.parameters() if "anyOf" in parameter["schema"]] == []


def test_exactly_the_parameters_that_are_lists_may_be_repeated(document: Document) -> None:
    repeatable = {parameter["name"] for _, parameter in document.parameters() if parameter["schema"]["type"] == "array"}
    single = {parameter["name"] for _, parameter in document.parameters() if parameter["schema"]["type"] != "array"}

    assert repeatable == REPEATABLE
    assert {name for name in single & repeatable if name not in ("company", "source")} == set(), "they are in paths too"


def test_every_property_has_an_example(document: Document) -> None:
    # A part of a schema has the examples of the whole.
    shown = {name for name, schema in document.schemas.items() if "examples" in schema or name.startswith("Partial")}
    wanting = [
        place
        for place, schema in document.properties()
        if place.partition(".")[0] not in shown and not document.has_example(schema)
    ]
    assert wanting == []


def test_every_schema_has_its_limits(document: Document) -> None:
    limits = {
        "string": ({"maxLength"}, {"enum"}, {"const"}, {"format"}),
        "array": ({"maxItems"},),
        "integer": ({"minimum", "maximum"},),
    }
    wanting = [
        (place, schema)
        for place, schema in document.every_schema()
        if not any(wanted <= schema.keys() for wanted in limits.get(schema.get("type", ""), [set()]))
    ]

    assert wanting == []


def test_every_object_is_described(document: Document) -> None:
    assert [name for name, schema in document.schemas.items() if not schema.get("description")] == []


def statuses(name: str, path: str, operation: dict[str, Json]) -> set[str]:
    """Every status that an operation may answer with."""
    other = OTHER_STATUSES.get(operation["operationId"])
    if other is not None:
        return other
    match name.partition(" ")[0]:
        case "POST":
            return WRITING_STATUSES | {"201", "409"} | ({"308", "404", "410"} if "{" in path else set())
        case "PUT" | "PATCH":
            return WRITING_STATUSES | CHANGE_STATUSES | {"200"}
        case "DELETE":
            return WRITING_STATUSES | CHANGE_STATUSES | {"204"}
    # What an address names may be missing, moved or deleted; so may what a parameter names.
    missing = {"308", "404", "410"}
    is_list = path.startswith("/v1/") and {"cursor", "since"} & {parameter["name"] for parameter in operation["parameters"]}
    usual = LIST_STATUSES if is_list else READING_STATUSES
    return usual | (missing if "{" in path or missing <= operation["responses"].keys() else set())


def test_every_error_is_documented_as_a_problem(document: Document) -> None:
    for name, path, operation in document.operations():
        assert operation["responses"].keys() == statuses(name, path, operation), name
        for status, answer in operation["responses"].items():
            assert answer["description"], (name, status)
            if status[0] in "45d":
                problem = answer["content"]["application/problem+json"]
                assert list(answer["content"]) == ["application/problem+json"], (name, status)
                assert problem["schema"] == {"$ref": "#/components/schemas/ProblemDetails"}
                expected = COMMON_STATUSES if status == "default" else {int(status)}
                assert {example["value"]["status"] for example in problem["examples"].values()} == expected


def validator(document: Document, schema: dict[str, Json]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": document.content["components"]}, validate_formats=True)


def examples_of(schema: dict[str, Json], holder: dict[str, Json]) -> list[Json]:
    found = [*schema.get("examples", []), *([schema["default"]] if "default" in schema else [])]
    found += [example["value"] for example in holder.get("examples", {}).values()] if holder is not schema else []
    return found + ([holder["example"]] if "example" in holder else [])


def test_every_example_is_valid_under_its_schema(document: Document) -> None:
    holders = [(place, schema, schema) for place, schema in document.every_schema()]
    holders += [(name, parameter["schema"], parameter) for name, parameter in document.parameters()]
    for operation in document.operations():
        for status, answer in operation.content["responses"].items():
            parts = (*answer.get("headers", {}).items(), *answer.get("content", {}).items(), *variants_of(answer))
            holders += [(f"{operation.name} {status} {name}", part["schema"], part) for name, part in parts]
    checked = 0
    for place, schema, holder in holders:
        for example in examples_of(schema, holder):
            assert [error.message for error in validator(document, schema).iter_errors(example)] == [], (place, example)
            checked += 1
    assert checked > 300


def test_every_example_of_a_parameter_is_answered(document: Document, client: httpx.Client) -> None:
    for operation in document.operations():
        if not operation.name.startswith("GET") or operation.content["security"]:
            continue  # what needs a key is tested in tests/editing
        for parameter in operation.parameters():
            for example in parameter["schema"].get("examples", []) if parameter["in"] == "query" else []:
                first = example[0] if isinstance(example, list) else example
                given = str(first).lower() if isinstance(first, bool) else str(first)
                with client.stream("GET", operation.example(**{parameter["name"]: given})) as answer:  # a body may have no end
                    assert answer.status_code == 200, (operation.name, parameter["name"], answer.read())


def test_what_is_served_is_what_is_documented(document: Document, client: httpx.Client) -> None:
    for operation in document.operations():
        if not operation.name.startswith("GET") or operation.content["security"]:
            continue  # what a body asks for is tested where it is answered, and what needs a key in tests/editing
        with client.stream("GET", operation.example()) as answer:  # a body may have no end
            assert answer.status_code == 200, (operation.name, answer.read())
            content = operation.content["responses"]["200"]["content"]
            if "application/json" not in content:
                assert answer.headers["content-type"].partition(";")[0] in content, operation.name
                continue
            served = json.loads(answer.read())
        schema = content["application/json"]["schema"]
        assert [error.message for error in validator(document, schema).iter_errors(served)] == [], operation.name
