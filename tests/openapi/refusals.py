"""What schemathesis asks and checks beside its own: what the document allows is refused only for what a schema cannot say."""

import re
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

from tests.openapi.left_out import leave_out

BEYOND_SCHEMAS = re.compile(
    r"as_of|bom|defuse|fields|from|minimum|maximum|growth|include|unit|country|group|category|companies|company|source|since"
    r"|queries(?:\..*)?|extend(?:\..*)?"
)
"""Fields with rules between two of them, lists of codes that change, a number of digits, or a bound that moves."""


@schemathesis.hook
def before_load_schema(_context: HookContext, schema: dict[str, Any]) -> None:
    leave_out(schema)


@schemathesis.check
def refused_only_for_what_a_schema_cannot_say(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 406, 422):
        return
    problem = response.json()
    fields = [error["field"] for error in problem.get("errors", [])]
    allowed = problem["type"] == "/problems/invalid-cursor" or (fields and all(map(BEYOND_SCHEMAS.fullmatch, fields)))
    assert allowed, f"Refused though the document allows it: {problem['detail']}"
