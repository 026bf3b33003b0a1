"""The queries and responses of reconciliation, named as in the Reconciliation Service API 0.2.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    StrictBool,
    StrictFloat,
    StrictInt,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from app.api.reconcile.query import Condition, MatchQuery
from app.values.text import Printable


def as_json(result: BaseModel) -> bytes:
    """JSON without nulls: in the specification, optional fields are present or absent."""
    return result.model_dump_json(by_alias=True, exclude_none=True).encode()


MOST_QUERIES = 1000
MOST_CANDIDATES = 100
MOST_PROPERTIES = 50
TYPE_ID = "company"
TYPE_NAME = "Company"


Key = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[Printable, Field(max_length=4000)]
EntityId = Annotated[Printable, Field(min_length=1, max_length=200, description="Slug of a company.", examples=["baidu"])]
PropertyId = Annotated[str, Field(max_length=100, description="Identifier of a property.", examples=["country"])]
PropertyName = Annotated[str, Field(max_length=200, description="Name of the property for people.", examples=["Country"])]


Notes = Annotated[
    list[Annotated[str, Field(max_length=1000)]],
    Field(
        min_length=1,
        max_length=2 * MOST_PROPERTIES,
        description="What was ignored. Absent if nothing was.",
        examples=[["'ceo' is not a property and was ignored; expected name, country or another one."]],
    ),
]


class PropertyReference(BaseModel):
    """A property by identifier and name."""

    id: PropertyId
    name: PropertyName


class EntityValue(BaseModel):
    """A value that is itself a reconciled entity."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"id": "Q148", "name": "China"}]})

    id: Text
    name: Text | None = None


_KINDS: dict[type, str] = {str: "text", int: "number", float: "number", bool: "boolean", dict: "object"}


def _kind(value: object) -> str | None:
    """The type of a value. It limits the errors of an invalid value to those of its own type."""
    return _KINDS.get(type(value))


def _one_or_several(value: object) -> str | None:
    return "several" if isinstance(value, list) else "one" if type(value) in _KINDS else None


def _text_or_texts(value: object) -> str | None:
    return "several" if isinstance(value, list) else "one" if isinstance(value, str) else None


_Number = Annotated[
    StrictInt | StrictFloat,
    Field(ge=-(10**18), le=10**18),
    WithJsonSchema({"type": "number", "minimum": -(10**18), "maximum": 10**18}),
]
"""One alternative in the document: a whole number is a number too, so of two it would match both, and ``oneOf`` neither."""

PropertyValue = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[_Number, Tag("number")]
    | Annotated[StrictBool, Tag("boolean")]
    | Annotated[EntityValue, Tag("object")],
    Discriminator(_kind, "not_a_value", "expected text, a number, true or false, or an object with id"),
]
PropertyValues = Annotated[
    Annotated[PropertyValue, Tag("one")] | Annotated[list[PropertyValue], Field(max_length=50), Tag("several")],
    Discriminator(_one_or_several, "not_a_value", "expected text, a number, true or false, an object with id, or a list of them"),
]
Types = Annotated[
    Annotated[Text, Tag("one")] | Annotated[list[Text], Field(max_length=50), Tag("several")],
    Discriminator(_text_or_texts, "not_a_type", "expected text or a list of texts"),
]


def texts_of(values: PropertyValues) -> list[str]:
    """The values as text. The text of an entity is its name, or its id if it has no name."""
    several = values if isinstance(values, list) else [values]
    return [(value.name or value.id) if isinstance(value, EntityValue) else str(value) for value in several]


class PropertyCondition(BaseModel, extra="forbid"):
    """A value, or alternatives, that the company should have for a property."""

    pid: PropertyId
    v: PropertyValues

    def texts(self) -> list[str]:
        return texts_of(self.v)


class ReconciliationQuery(BaseModel, extra="forbid"):
    """A name to match, and other known values."""

    query: Annotated[Text, Field(min_length=1)] | None = None
    type: Types | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=MOST_CANDIDATES)] = 10
    properties: Annotated[list[PropertyCondition], Field(max_length=MOST_PROPERTIES)] = []
    type_strict: Literal["any", "should", "all"] | None = None

    @model_validator(mode="after")
    def _require_content(self) -> Self:
        if self.query is None and not self.properties:
            raise PydanticCustomError("empty_query", "expected a query (a name to match) or properties")
        return self

    def as_match_query(self) -> MatchQuery:
        """The query as it is matched. Without a name, that of its name property is looked for."""
        names = [self.query] if self.query is not None else [t for c in self.properties if c.pid == "name" for t in c.texts()][:1]
        return MatchQuery(
            names,
            [Condition(condition.pid, condition.texts()) for condition in self.properties],
            self.limit,
            types=self.type if isinstance(self.type, list) else [self.type] if self.type else [],
            other_types_allowed=self.type_strict == "should",
        )


QueryBatch = Annotated[dict[Key, ReconciliationQuery], Field(max_length=MOST_QUERIES)]


class EntityType(BaseModel):
    """An entity type. The only one is company."""

    id: Annotated[str, Field(max_length=100, examples=[TYPE_ID])]
    name: Annotated[str, Field(max_length=100, examples=[TYPE_NAME])]


COMPANY_TYPE = EntityType(id=TYPE_ID, name=TYPE_NAME)


class MatchFeature(BaseModel):
    """One input of the score."""

    id: Annotated[str, Field(max_length=120, examples=["name_similarity"])]
    name: Annotated[str, Field(max_length=300, description="The input for people.", examples=["Similarity of names"])]
    value: Annotated[bool | float, Field(examples=[98.0])]


class Candidate(BaseModel):
    """A company that may be meant."""

    id: EntityId
    name: Annotated[str, Field(max_length=300, description="The company's name.", examples=["Baidu"])]
    description: Annotated[
        str | None,
        Field(
            max_length=4000,
            description="Country, founding date and summary.",
            examples=["CN. Search engine and AI company."],
        ),
    ] = None
    type: Annotated[list[EntityType], Field(max_length=1)] = [COMPANY_TYPE]
    score: Annotated[float, Field(ge=0, le=100, description="How well the company matches, from 0 to 100.", examples=[98.0])]
    match: Annotated[bool, Field(description="Whether the match is certain enough to accept without review.", examples=[True])]
    features: Annotated[list[MatchFeature], Field(max_length=100, description="The inputs of the score.")]


class Candidates(BaseModel):
    """The candidates for one query, best first."""

    result: Annotated[list[Candidate], Field(max_length=MOST_CANDIDATES)]
    notes: Notes | None = None


EXAMPLE_CANDIDATE: JsonDict = {
    "id": "baidu",
    "name": "Baidu",
    "description": "CN. Search engine and AI company.",
    "type": [{"id": TYPE_ID, "name": TYPE_NAME}],
    "score": 98.0,
    "match": True,
    "features": [{"id": "name_similarity", "name": "Similarity of names", "value": 98.0}],
}


class ResultBatch(RootModel[Annotated[dict[Key, Candidates], Field(max_length=MOST_QUERIES)]]):
    """The candidates for each query, under the query's own key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"q0": {"result": [EXAMPLE_CANDIDATE]}}]})
