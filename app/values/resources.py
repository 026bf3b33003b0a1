"""The kinds of resources, their plurals and their URLs."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

FactKind = TypeAliasType("FactKind", Annotated[Literal["milestone", "product", "metric"], Field(description="A kind of fact.")])
Kind = TypeAliasType(
    "Kind",
    Annotated[Literal["source", "company", "milestone", "product", "metric"], Field(description="A kind of resource.")],
)
"""Named types become schemas with that name in the OpenAPI document. A plain Literal would be repeated at each use."""

FACT_KINDS: Final[tuple[FactKind, ...]] = ("milestone", "product", "metric")
KINDS: Final[tuple[Kind, ...]] = ("source", "company", *FACT_KINDS)
"""In load order: each kind refers only to kinds before it."""

PLURALS: Final[Mapping[Kind, str]] = {
    "source": "sources",
    "company": "companies",
    "milestone": "milestones",
    "product": "products",
    "metric": "metrics",
}
"""The name of a kind's list in a dataset, of its table, and in URLs."""


def resource_url(kind: Kind, slug: str, company: str | None = None) -> str:
    """The URL of a source or a company, or of a fact of a company."""
    return f"/v1/{PLURALS[kind]}/{slug}" if company is None else f"/v1/companies/{company}/{PLURALS[kind]}/{slug}"
