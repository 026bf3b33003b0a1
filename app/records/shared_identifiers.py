"""Identifiers that several companies have. The companies may be one, or an identifier is wrong."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import Connection, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from app.database.models import Company, CompanyIdentifier, Revision
from app.values.resources import resource_url
from app.values.text import Keyword, ResourceUrl

MOST_SHARED = 100
_MOST_COMPANIES = 20


class SharedIdentifier(BaseModel):
    """An identifier that several companies have. Merge them if they are one; otherwise one of the identifiers is wrong."""

    scheme: Annotated[Keyword, Field(examples=["lei"])]
    value: Annotated[str, Field(max_length=300, examples=["5493001KJTIIGC8Y1R12"])]
    companies: Annotated[
        list[ResourceUrl],
        Field(
            max_length=_MOST_COMPANIES,
            description=f"The first {_MOST_COMPANIES} companies, by slug.",
            examples=[["/v1/companies/acme", "/v1/companies/acme-inc"]],
        ),
    ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value} is an identifier of {', '.join(self.companies)}"


def shared_identifiers(connection: Connection, *, since: int = 0) -> list[SharedIdentifier]:
    """The first 100, by scheme and value, and websites, which a group may share, last. Those of companies changed ``since``."""
    identifier = (CompanyIdentifier.scheme, CompanyIdentifier.value)
    shared = select(*identifier).group_by(*identifier)
    if since:
        other = aliased(CompanyIdentifier)
        changed = select(Revision.resource_id).where(Revision.number > since, Revision.kind == "company")
        elsewhere = exists().where(
            other.scheme == CompanyIdentifier.scheme,
            other.value == CompanyIdentifier.value,
            other.company_id != CompanyIdentifier.company_id,
        )
        shared = shared.where(CompanyIdentifier.company_id.in_(changed), elsewhere)
    else:
        shared = shared.having(func.count() > 1)
    order = (CompanyIdentifier.scheme == "website", *identifier)
    found: dict[tuple[str, str], list[str]] = {
        (scheme, value): [] for scheme, value in connection.execute(shared.order_by(*order).limit(MOST_SHARED))
    }
    if found:
        named = select(*identifier, Company.slug).join(Company, CompanyIdentifier.company_id == Company.id)
        for scheme, value, slug in connection.execute(named.where(tuple_(*identifier).in_(list(found))).order_by(Company.slug)):
            found[scheme, value].append(resource_url("company", slug))
    return [
        SharedIdentifier(scheme=scheme, value=value, companies=companies[:_MOST_COMPANIES])
        for (scheme, value), companies in found.items()
    ]
