"""What Schemathesis does not get to see: responses that OpenAPI cannot describe, and endless ones."""

from typing import Any

LEFT_OUT = ("fields", "wait")


def leave_out(document: dict[str, Any]) -> None:
    """Leaves out ``fields``: an item of chosen fields is only a part of its schema, which OpenAPI cannot say.

    And ``wait``, since a run has no minutes to wait for changes; and the stream of them, whose answer has no end.
    Their own tests are in tests/changes.
    """
    del document["paths"]["/v1/changes/stream"]
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [given for given in operation.get("parameters", []) if given["name"] not in LEFT_OUT]
