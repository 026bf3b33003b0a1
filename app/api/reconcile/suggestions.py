"""As-you-type suggestions of companies, types and properties, for the search boxes of a client."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import Connection, Select, literal, select, union_all
from sqlalchemy.orm import aliased

from app.api.reconcile.extension import list_properties
from app.api.reconcile.properties import DESCRIPTIONS
from app.api.reconcile.schemas import COMPANY_TYPE, EntityId, EntityType, PropertyId, PropertyName
from app.database.models import Company, CompanyName
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp
from app.values.text import Printable, fold

MOST_SUGGESTIONS = 50
FURTHEST = 1000
_LAST_CHARACTER = "\U0010ffff"
_Ignored = Annotated[Printable | None, Field(max_length=200, description="Sent by OpenRefine; ignored.", examples=["always"])]


class ReconcileSuggestParameters(BaseModel, extra="forbid"):
    """The parameters of the suggest services: those of the specification, a limit, and others that OpenRefine sends."""

    prefix: Annotated[Printable, Field(max_length=300, description="The text typed so far.", examples=["bai"])] = ""
    cursor: Annotated[
        int, Field(title="suggestion cursor", ge=0, le=FURTHEST, description="Number of suggestions to skip.", examples=[0])
    ] = 0
    offset: Annotated[int, Field(ge=0, le=FURTHEST, description="The same, as in the draft of version 1.0.", examples=[0])] = 0
    limit: Annotated[
        int,
        Field(title="suggestion limit", ge=1, le=MOST_SUGGESTIONS, description="Maximum number of suggestions.", examples=[10]),
    ] = 10
    type: Annotated[
        list[Annotated[Printable, Field(max_length=200)]],
        Field(max_length=20, description="Sent by OpenRefine; ignored, because there is only one type.", examples=[["company"]]),
    ] = []
    type_strict: _Ignored = None
    spell: _Ignored = None
    exact: _Ignored = None
    prefixed: _Ignored = None
    lang: _Ignored = None

    @property
    def first(self) -> int:
        """The number of suggestions to skip."""
        return self.cursor or self.offset


class EntitySuggestion(BaseModel):
    """A company of which a name or the slug starts with the prefix."""

    id: EntityId
    name: Annotated[str, Field(max_length=300, examples=["Baidu"])]
    description: Annotated[
        str | None,
        Field(
            max_length=700,
            description="Its country, and the name that matched if it is another one.",
            examples=["CN"],
        ),
    ] = None
    notable: Annotated[list[EntityType], Field(max_length=1)] = [COMPANY_TYPE]


class TypeSuggestion(EntityType):
    """A type of which the name or identifier starts with the prefix."""

    description: Annotated[str, Field(max_length=200, examples=["An organisation with cited facts."])]


class PropertySuggestion(BaseModel):
    """A property of which the name or identifier starts with the prefix."""

    id: PropertyId
    name: PropertyName
    description: Annotated[str, Field(max_length=300, examples=["ISO 3166-1 alpha-2 code of its country."])]


class EntitySuggestions(BaseModel):
    """Suggested companies."""

    result: Annotated[list[EntitySuggestion], Field(max_length=MOST_SUGGESTIONS)]


class TypeSuggestions(BaseModel):
    """Suggested types."""

    result: Annotated[list[TypeSuggestion], Field(max_length=MOST_SUGGESTIONS)]


class PropertySuggestions(BaseModel):
    """Suggested properties."""

    result: Annotated[list[PropertySuggestion], Field(max_length=MOST_SUGGESTIONS)]


Suggestions = EntitySuggestions | TypeSuggestions | PropertySuggestions


def suggest_entities(connection: Connection, parameters: ReconcileSuggestParameters) -> tuple[Suggestions, Stamp]:
    """Companies by name and slug, each once."""
    stamp = newest_stamp(connection)
    prefix = fold(parameters.prefix.strip())
    end = parameters.first + parameters.limit
    parts = [select(rows.subquery()) for rows in _starting_with(prefix, end)] if prefix else []
    found: dict[str, EntitySuggestion] = {}
    for row in connection.execute(union_all(*parts).order_by("key", "slug", "source")) if parts else ():
        description = row.country if row.matched in (row.name, row.slug) else ", ".join(filter(None, (row.country, row.matched)))
        found.setdefault(row.slug, EntitySuggestion(id=row.slug, name=row.name, description=description or None))
    return EntitySuggestions(result=list(found.values())[parameters.first : end]), stamp


def _starting_with(prefix: str, limit: int) -> list[Select[str, str, str, str | None, str, int]]:
    """By name, by other names, by slug. Each company occurs at most once per part, so that it cannot crowd out others."""
    company = (Company.slug, Company.name, Company.country)
    by_name = select(Company.name_key.label("key"), *company, Company.name.label("matched"), literal(0).label("source"))
    by_other = select(CompanyName.name_key.label("key"), *company, CompanyName.name.label("matched"), literal(1).label("source"))
    by_slug = select(Company.slug.label("key"), *company, Company.slug.label("matched"), literal(2).label("source"))
    end, slug_prefix = prefix + _LAST_CHARACTER, prefix.replace(" ", "-")
    own = aliased(CompanyName)
    first = (
        select(own.position)
        .where(own.company_id == CompanyName.company_id, own.name_key.between(prefix, end))
        .order_by(own.name_key, own.position)
        .limit(1)
        .correlate(CompanyName)
        .scalar_subquery()
    )
    return [
        by_name.where(Company.name_key.between(prefix, end)).order_by(Company.name_key, Company.id).limit(limit),
        by_other.join(Company, Company.id == CompanyName.company_id)
        .where(CompanyName.name_key.between(prefix, end), CompanyName.position == first)
        .order_by(CompanyName.name_key, CompanyName.company_id)
        .limit(limit),
        by_slug.where(Company.slug.between(slug_prefix, slug_prefix + _LAST_CHARACTER)).order_by(Company.slug).limit(limit),
    ]


def suggest_types(connection: Connection, parameters: ReconcileSuggestParameters) -> tuple[Suggestions, Stamp]:
    """The only type, if it starts with the prefix."""
    stamp = newest_stamp(connection)
    known = [TypeSuggestion(**COMPANY_TYPE.model_dump(), description="An organisation with cited facts.")]
    fitting = [one for one in known if _starts(parameters.prefix, one.id, one.name)]
    return TypeSuggestions(result=fitting[parameters.first : parameters.first + parameters.limit]), stamp


def suggest_properties(connection: Connection, parameters: ReconcileSuggestParameters) -> tuple[Suggestions, Stamp]:
    """Properties by name, by identifier, or by a word of the name."""
    properties, stamp = list_properties(connection)
    fitting = [
        PropertySuggestion(id=one.id, name=one.name, description=DESCRIPTIONS.get(one.id, one.name))
        for one in properties
        if _starts(parameters.prefix, one.id, one.name, *one.name.split())
    ]
    return PropertySuggestions(result=fitting[parameters.first : parameters.first + parameters.limit]), stamp


def _starts(prefix: str, *texts: str) -> bool:
    return any(fold(text).startswith(fold(prefix.strip())) for text in texts)
