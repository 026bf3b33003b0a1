"""The query parameters of reconciliation, except those of the suggest services."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.api.reconcile.extension_schemas import MOST_PROPOSED
from app.values.text import Printable

BATCH_EXAMPLE = '{"q0": {"query": "Baidu, Inc.", "properties": [{"pid": "country", "v": "China"}]}}'
EXTENSION_EXAMPLE = '{"ids": ["baidu"], "properties": [{"id": "country"}, {"id": "metric:revenue"}]}'
BATCH_DESCRIPTION = "A reconciliation query batch as JSON: names to match, under keys of your choice, with other known values."
EXTENSION_DESCRIPTION = "A data extension query as JSON: companies, and their properties to fetch."


class ReconcileParameters(BaseModel, extra="forbid"):
    """A query of the Reconciliation Service API, or nothing for the manifest."""

    queries: Annotated[Printable | None, Field(max_length=2500, description=BATCH_DESCRIPTION, examples=[BATCH_EXAMPLE])] = None
    extend: Annotated[
        Printable | None,
        Field(
            max_length=2500,
            description=f"{EXTENSION_DESCRIPTION} Leave `queries` out with it. Such as `{EXTENSION_EXAMPLE}`.",
            examples=[""],  # tools that send every parameter send the example of each
        ),
    ] = None

    version: Annotated[
        Literal["0.2", "1.0-draft"] | None,
        Field(
            description="The version whose manifest to read. The default, 0.2, also names 1.0-draft. No effect on queries.",
            examples=["1.0-draft"],
        ),
    ] = None

    def given(self) -> dict[str, str]:
        """The queries by their parameters. An empty one counts as left out."""
        return {name: text for name, text in (("queries", self.queries), ("extend", self.extend)) if text}


class NoParameters(BaseModel, extra="forbid"):
    """None: the query is in the form."""


class PreviewParameters(BaseModel, extra="forbid"):
    """Which company to show."""

    id: Annotated[Printable, Field(min_length=1, max_length=200, description="Slug of the company.", examples=["baidu"])]


class ProposeParameters(BaseModel, extra="forbid"):
    """Which properties to propose."""

    type: Annotated[
        list[Annotated[Printable, Field(max_length=200)]],
        Field(max_length=1, description="The type whose properties to propose: company.", examples=[["company"]]),
    ] = []
    limit: Annotated[int | None, Field(ge=1, le=MOST_PROPOSED, description="Maximum number of properties.", examples=[20])] = None


def form_documentation() -> dict[str, object]:
    """The OpenAPI description of the form: one of two fields, each of which contains JSON."""
    texts = (("queries", BATCH_DESCRIPTION, BATCH_EXAMPLE), ("extend", EXTENSION_DESCRIPTION, EXTENSION_EXAMPLE))
    fields = {
        name: {
            "type": "string",
            "maxLength": 1_048_576,
            "contentMediaType": "application/json",
            "description": description,
            "examples": [example],
        }
        for name, description, example in texts
    }
    one = {"minProperties": 1, "maxProperties": 1}  # generators read alternatives of objects as none of their fields
    schema = {"type": "object", "additionalProperties": False, **one, "properties": fields}
    examples = {name: {"value": {name: example}} for name, _, example in texts}
    content = {"application/x-www-form-urlencoded": {"schema": schema, "examples": examples}}
    return {"requestBody": {"required": True, "description": "A form with one field.", "content": content}}
