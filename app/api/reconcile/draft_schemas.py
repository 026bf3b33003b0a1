"""The queries and responses of /match and /extend, named as in the draft of the Reconciliation Service API 1.0.

https://reconciliation-api.github.io/specs/draft/
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from app.api.reconcile.extension_schemas import MOST_IDS, ExtensionValue
from app.api.reconcile.query import Condition, MatchQuery
from app.api.reconcile.schemas import (
    EXAMPLE_CANDIDATE,
    MOST_CANDIDATES,
    MOST_PROPERTIES,
    MOST_QUERIES,
    Candidate,
    EntityId,
    Notes,
    PropertyId,
    PropertyReference,
    PropertyValues,
    Text,
    texts_of,
)
from app.records.validation import shown

Quantifier = Literal["any", "all", "none"]
_EXAMPLE_CONDITION: JsonDict = {"matchType": "property", "propertyId": "country", "propertyValue": "China"}
_EXAMPLE_QUERY: JsonDict = {"conditions": [{"matchType": "name", "propertyValue": "Baidu, Inc."}, _EXAMPLE_CONDITION]}
_EXAMPLE_RESULT: JsonDict = {"candidates": [EXAMPLE_CANDIDATE]}
_EXAMPLE_PROPERTY: JsonDict = {"id": "metric:revenue", "values": [{"int": 21100000000}]}
_EXAMPLE_ROW: JsonDict = {"id": "baidu", "properties": [_EXAMPLE_PROPERTY]}
_Language = Annotated[str | None, Field(max_length=100, description="Ignored: names are compared in any language.")]
_Direction = Annotated[str | None, Field(max_length=10, description="Ignored.")]


class MatchCondition(BaseModel):
    """Values that the name, the slug or a property of the company should have."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_CONDITION]})

    matchType: Annotated[Literal["name", "id", "property"], Field(description="What is compared.", examples=["name"])]  # noqa: N815
    propertyId: Annotated[PropertyId | None, Field(description="Required if matchType is property.")] = None  # noqa: N815
    propertyValue: Annotated[PropertyValues, Field(description="A value or alternatives.", examples=["Baidu"])]  # noqa: N815
    required: Annotated[bool, Field(strict=True, description="Whether companies that don't meet the condition are left out.")] = (
        False
    )
    matchQuantifier: Annotated[Quantifier, Field(description="How many of the values must agree.")] = "any"  # noqa: N815
    matchQualifier: Annotated[Text | None, Field(description="Ignored: there is one way to compare.")] = None  # noqa: N815
    lang: _Language = None
    dir: _Direction = None

    @model_validator(mode="after")
    def _require_property(self) -> Self:
        if self.matchType == "property" and self.propertyId is None:
            raise PydanticCustomError("no_property", "expected propertyId, because matchType is property")
        return self


class MatchRequestQuery(BaseModel):
    """Conditions that a company should meet."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE_QUERY]})

    conditions: Annotated[list[MatchCondition], Field(min_length=1, max_length=MOST_PROPERTIES)]
    type: Annotated[Text | None, Field(description="company. Any other type finds nothing.", examples=["company"])] = None
    limit: Annotated[int, Field(strict=True, ge=1, le=MOST_CANDIDATES, description="Maximum number of candidates.")] = 10
    lang: _Language = None
    dir: _Direction = None

    def as_match_query(self) -> MatchQuery:
        """The query as it is matched."""
        names, ids = self._values("name"), self._values("id")
        return MatchQuery(
            names,
            [condition for one in self.conditions for condition in _conditions(one)],
            self.limit,
            ids=ids,
            ids_required=any(one.required for one in self._of("id") if one.matchQuantifier != "none"),
            excluded_ids=[
                text for one in self._of("id") if one.matchQuantifier == "none" for text in texts_of(one.propertyValue)
            ],
            types=[self.type] if self.type else [],
            ignored=[
                f"matchQualifier {shown(one.matchQualifier)} was ignored: this service has no qualifiers."
                for one in self.conditions
                if one.matchQualifier
            ],
        )

    def _of(self, kind: str) -> list[MatchCondition]:
        return [one for one in self.conditions if one.matchType == kind]

    def _values(self, kind: str) -> list[str]:
        return [text for one in self._of(kind) if one.matchQuantifier != "none" for text in texts_of(one.propertyValue)]


def _conditions(one: MatchCondition) -> list[Condition]:
    """What is compared in addition to the similarity of names."""
    if one.matchType == "id" or (one.matchType == "name" and one.matchQuantifier == "any" and not one.required):
        return []
    return [Condition(one.propertyId or "name", texts_of(one.propertyValue), one.matchQuantifier, required=one.required)]


class MatchBatch(BaseModel):
    """Queries to match."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"queries": [_EXAMPLE_QUERY]}]})

    queries: Annotated[list[MatchRequestQuery], Field(max_length=MOST_QUERIES)]


class MatchResult(BaseModel):
    """The candidates for one query, best first."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_RESULT]})

    candidates: Annotated[list[Candidate], Field(max_length=MOST_CANDIDATES)]
    notes: Notes | None = None


class MatchResults(BaseModel):
    """The candidates for each query, in the order of the queries."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"results": [_EXAMPLE_RESULT]}]})

    results: Annotated[list[MatchResult], Field(max_length=MOST_QUERIES)]


class ExtendedProperty(BaseModel):
    """The values of one property of a company."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_PROPERTY]})

    id: PropertyId
    values: Annotated[list[ExtensionValue], Field(max_length=100)]


class ExtendedCompany(BaseModel):
    """The values of one company."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_ROW]})

    id: EntityId
    properties: Annotated[list[ExtendedProperty], Field(max_length=MOST_PROPERTIES)]


class ExtensionTable(BaseModel):
    """The values of each requested property of each requested company, in their order; an unknown company has none."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": [{"id": "metric:revenue", "name": "Newest revenue"}], "rows": [_EXAMPLE_ROW]}]}
    )

    meta: Annotated[list[PropertyReference], Field(max_length=MOST_PROPERTIES)]
    rows: Annotated[list[ExtendedCompany], Field(max_length=MOST_IDS)]
    notes: Notes | None = None
