"""What is taken from an LEI record, in whichever file format it comes, and the names that each format has for it."""

from dataclasses import dataclass
from typing import NamedTuple

from app.datasets.open_data.left_out import Leaf
from app.records.located import FilePlace


class Fields(NamedTuple):
    """The texts taken from a record, or the names that a file format has for them. A missing text is empty."""

    lei: str
    name: str
    category: str
    country: str
    created: str
    status: str
    expired: str
    reason: str
    updated: str
    registration: str


class OtherName(NamedTuple):
    """Another name with its language and its kind, such as PREVIOUS_LEGAL_NAME."""

    name: str
    language: str
    kind: str


class Successor(NamedTuple):
    """The entity that continues this one: its LEI, its name, or both."""

    lei: str
    name: str


CSV_NAMES = Fields(
    "LEI",
    "Entity.LegalName",
    "Entity.EntityCategory",
    "Entity.LegalAddress.Country",
    "Entity.EntityCreationDate",
    "Entity.EntityStatus",
    "Entity.EntityExpirationDate",
    "Entity.EntityExpirationReason",
    "Registration.LastUpdateDate",
    "Registration.RegistrationStatus",
)
API_NAMES = Fields(
    "lei",
    "entity.legalName.name",
    "entity.category",
    "entity.legalAddress.country",
    "entity.creationDate",
    "entity.status",
    "entity.expiration.date",
    "entity.expiration.reason",
    "registration.lastUpdateDate",
    "registration.status",
)


@dataclass(frozen=True, slots=True)
class LeiEntry:
    """What is taken from one LEI record. ``rest`` is what is not taken."""

    place: FilePlace
    names: Fields
    texts: Fields
    other_names: list[OtherName]
    successors: list[Successor]
    rest: list[Leaf]
