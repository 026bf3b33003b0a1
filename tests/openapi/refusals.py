"""What schemathesis asks and checks beside its own: what the document allows is refused only for what a schema cannot say."""

import re
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

BEYOND_SCHEMAS = re.compile(
    r"from|minimum|maximum|growth|include|unit|country|group|category|companies|company|source|queries(?:\..*)?|extend(?:\..*)?"
)
"""Fields with rules between two of them, lists of codes that change, or a number of digits."""


@schemathesis.hook
def before_load_schema(_context: HookContext, schema: dict[str, Any]) -> None:
    """Leaves ``fields`` out: an item of chosen fields is only a part of its schema, which OpenAPI cannot say."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [given for given in operation.get("parameters", []) if given["name"] != "fields"]


@schemathesis.check
def refused_only_for_what_a_schema_cannot_say(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 406, 422):
        return
    problem = response.json()
    fields = [error["field"] for error in problem.get("errors", [])]
    allowed = problem["type"] == "/problems/invalid-cursor" or (fields and all(map(BEYOND_SCHEMAS.fullmatch, fields)))
    assert allowed, f"Refused though the document allows it: {problem['detail']}"
