"""The queries and responses of data extension, named as in the Reconciliation Service API 0.2."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.reconcile.schemas import MOST_PROPERTIES, EntityId, Key, Notes, PropertyId, PropertyReference

MOST_IDS = 1000
MOST_PROPOSED = 1000


class ExtensionSettings(BaseModel):
    """How the values of a metric are returned."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"content": "text"}]})

    content: Literal["number", "text"] = "number"


class ExtensionProperty(BaseModel):
    """A property to fetch."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"id": "metric:revenue"}]})

    id: PropertyId
    settings: ExtensionSettings | None = None

    @property
    def as_text(self) -> bool:
        return self.settings is not None and self.settings.content == "text"


class ExtensionQuery(BaseModel):
    """Companies, and their properties to fetch."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"ids": ["baidu"], "properties": [{"id": "metric:revenue"}]}]}
    )

    ids: Annotated[list[EntityId], Field(max_length=MOST_IDS)]
    properties: Annotated[list[ExtensionProperty], Field(max_length=MOST_PROPERTIES)]


class TextValue(BaseModel):
    """A text."""

    text: Annotated[str, Field(serialization_alias="str", max_length=4000, examples=["CN"])]


class IntegerValue(BaseModel):
    """A whole number."""

    integer: Annotated[int, Field(serialization_alias="int", ge=-(10**18), le=10**18, examples=[21100000000])]


class FloatValue(BaseModel):
    """A number with decimals."""

    number: Annotated[float, Field(serialization_alias="float", gt=-1e18, lt=1e18, examples=[23.8])]


ExtensionValue = TextValue | IntegerValue | FloatValue
ExtensionRow = Annotated[
    dict[PropertyId, Annotated[list[ExtensionValue], Field(max_length=100)]], Field(max_length=MOST_PROPERTIES)
]


class Extension(BaseModel):
    """The values of each requested property of each requested company; an unknown company has none."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "meta": [{"id": "country", "name": "Country"}, {"id": "metric:revenue", "name": "Newest revenue"}],
        "rows": {"baidu": {"country": [{"str": "CN"}], "metric:revenue": [{"int": 21100000000}]}},
    }]})  # fmt: skip

    meta: Annotated[list[PropertyReference], Field(max_length=MOST_PROPERTIES)]
    rows: Annotated[dict[Key, ExtensionRow], Field(max_length=MOST_IDS)]
    notes: Notes | None = None


class PropertyProposal(BaseModel):
    """The properties of companies."""

    type: Annotated[str, Field(max_length=200, description="The requested type.", examples=["company"])]
    limit: Annotated[int | None, Field(ge=1, le=MOST_PROPOSED, description="The requested limit.", examples=[20])] = None
    properties: Annotated[list[PropertyReference], Field(max_length=MOST_PROPOSED)]
