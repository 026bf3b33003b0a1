"""What Schemathesis gets to see: the document, with what its extensions say in its own words, and without endless responses."""

from typing import Any

from tests.openapi.documents import Document, Json

LEFT_OUT = "wait"


def leave_out(document: dict[str, Any]) -> None:
    """Leaves out ``wait``, since a run has no minutes to wait for changes; and the stream of them, whose answer has no end.

    Their own tests are in tests/changes. Every other response is what a plain request gets or what a variant describes, and a
    problem has a status that one is documented with.
    """
    document["paths"] = Document(document).paths()
    del document["paths"]["/v1/changes/stream"]
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [given for given in operation["parameters"] if given["name"] != LEFT_OUT]
            if "200" in operation["responses"]:
                operation["responses"]["200"] = with_variants(operation["responses"]["200"])
            operation["responses"] = by_status(operation["responses"]) | operation["responses"]


def with_variants(response: dict[str, Json]) -> dict[str, Json]:
    """The response with the content of its variants among its own."""
    content: dict[str, list[Json]] = {}
    for media_type, described in [*response["content"].items(), *variants_of(response)]:
        content.setdefault(media_type, []).append(described["schema"])
    return {**response, "content": {name: {"schema": {"anyOf": schemas}} for name, schemas in content.items()}}


def variants_of(response: dict[str, Json]) -> list[tuple[str, Json]]:
    """The media type and the content of each variant of a response."""
    return [entry for variant in response.get("x-variants", ()) for entry in variant["content"].items()]


def by_status(responses: dict[str, Json]) -> dict[str, Json]:
    """The response ``default`` under each status that its examples have."""
    common = responses.pop("default")
    examples = common["content"]["application/problem+json"]["examples"].values()
    return {str(example["value"]["status"]): common for example in examples}
