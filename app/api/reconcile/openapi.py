"""The schemas of JSON bodies, which are read as text in a thread and so are unknown to the framework."""

from typing import Any

from pydantic.json_schema import models_json_schema

from app.api.reconcile.draft_schemas import MatchBatch
from app.api.reconcile.extension_schemas import ExtensionQuery

_REFERENCE = "#/components/schemas/"


def add_reconciliation_schemas(document: dict[str, Any]) -> None:
    """Adds the schemas of the bodies to the OpenAPI document."""
    bodies = models_json_schema([(MatchBatch, "validation"), (ExtensionQuery, "validation")], ref_template=_REFERENCE + "{model}")
    document["components"]["schemas"] |= bodies[1]["$defs"]
