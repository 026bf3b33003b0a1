"""Files of the true shapes about invented companies, and helpers to read and load them."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from stdnum.iso7064 import mod_97_10

from app.database.database import Database
from app.datasets.loader import LoadReport, load
from app.datasets.open_data.left_out import LeftOut, listing
from app.datasets.open_data.registry import OPEN_DATA
from app.records.company import CompanyRecord
from app.records.located import Findings, LocatedRecord
from app.records.metric import MetricRecord
from app.records.milestone import MilestoneRecord
from app.records.source import SourceRecord

Fields = dict[str, Any]
"""A JSON object that a test puts together."""
Told = list[tuple[int, str, str]]
"""Line, field and message of each finding."""


def read(format: str, content: bytes) -> tuple[list[LocatedRecord], Told, LeftOut]:
    """The records, the findings, and what was left out."""
    findings, left_out = Findings(), LeftOut()
    records = list(OPEN_DATA[format]("file", io.BytesIO(content), findings, left_out))
    return records, [(finding.line, finding.field, finding.message) for finding in findings.listed], left_out


def reported(format: str, content: bytes) -> Told:
    return read(format, content)[1]


def load_open_data(database: Database, format: str, content: bytes) -> LoadReport:
    records, findings, _ = read(format, content)
    assert findings == []
    with database.writing() as connection:
        return load(connection, records, actor="tests", reason="Open data")


def companies(records: Iterable[LocatedRecord]) -> list[CompanyRecord]:
    return [located.record for located in records if isinstance(located.record, CompanyRecord)]


def metrics(records: Iterable[LocatedRecord]) -> list[MetricRecord]:
    return [located.record for located in records if isinstance(located.record, MetricRecord)]


def milestones(records: Iterable[LocatedRecord]) -> list[MilestoneRecord]:
    return [located.record for located in records if isinstance(located.record, MilestoneRecord)]


def sources(records: Iterable[LocatedRecord]) -> dict[str, SourceRecord]:
    return {located.record.slug: located.record for located in records if isinstance(located.record, SourceRecord)}


def edtf(record: MetricRecord) -> str | None:
    return record.period.edtf if record.period else None


def lei(stem: str) -> str:
    """A LEI that starts with the letters and has right check digits."""
    base = stem.ljust(18, "0")
    return base + mod_97_10.calc_check_digits(base)


FERNHOLD, MOSSGLASS = lei("5299FERNHOLD"), lei("5299MOSSGLASS")

_ADDRESS = [
    "xmllang", "FirstAddressLine", "AddressNumber", "AddressNumberWithinBuilding", "MailRouting", "AdditionalAddressLine.1",
    "AdditionalAddressLine.2", "AdditionalAddressLine.3", "City", "Region", "Country", "PostalCode",
]  # fmt: skip


def _repeated(path: str, endings: Iterable[str]) -> list[str]:
    return [f"{path}.{number}{ending}" for number in range(1, 6) for ending in endings]


GOLDEN_COPY_HEADER = [
    "LEI", "Entity.LegalName", "Entity.LegalName.xmllang",
    *_repeated("Entity.OtherEntityNames.OtherEntityName", ("", ".xmllang", ".type")),
    *_repeated("Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName", ("", ".xmllang", ".type")),
    *[f"Entity.LegalAddress.{part}" for part in _ADDRESS], *[f"Entity.HeadquartersAddress.{part}" for part in _ADDRESS],
    "Entity.RegistrationAuthority.RegistrationAuthorityID", "Entity.RegistrationAuthority.OtherRegistrationAuthorityID",
    "Entity.RegistrationAuthority.RegistrationAuthorityEntityID", "Entity.LegalJurisdiction", "Entity.EntityCategory",
    "Entity.EntitySubCategory", "Entity.LegalForm.EntityLegalFormCode", "Entity.LegalForm.OtherLegalForm",
    "Entity.EntityStatus", "Entity.EntityCreationDate", "Entity.EntityExpirationDate", "Entity.EntityExpirationReason",
    *_repeated("Entity.SuccessorEntity", (".SuccessorLEI", ".SuccessorEntityName", ".SuccessorEntity.xmllang")),
    "Registration.InitialRegistrationDate", "Registration.LastUpdateDate", "Registration.RegistrationStatus",
    "Registration.NextRenewalDate", "Registration.ManagingLOU", "Registration.ValidationSources", "ConformityFlag",
]  # fmt: skip


def golden_copy(*rows: dict[str, str]) -> bytes:
    """A golden copy with the header of level 1 data; the rows by column, the others empty."""
    file = io.StringIO()
    writer = csv.DictWriter(file, GOLDEN_COPY_HEADER, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def lei_row(code: str = FERNHOLD, name: str = "Fernhold AS", **more: str) -> dict[str, str]:
    return {"LEI": code, "Entity.LegalName": name, "Registration.RegistrationStatus": "ISSUED"} | more


def company_facts(**concepts: Fields) -> bytes:
    """Company facts whose concepts are of US GAAP unless their name has a taxonomy before two underscores."""
    facts: dict[str, Fields] = {}
    for name, concept in concepts.items():
        taxonomy, _, rest = name.rpartition("__")
        facts.setdefault(taxonomy.replace("_", "-") or "us-gaap", {})[rest] = concept
    return json.dumps({"cik": 990017, "entityName": "Fernhold Inc.", "facts": facts}, indent=1).encode()


def concept(unit: str, *entries: Fields, label: str | None = None) -> Fields:
    return {"label": label, "description": "The description in the taxonomy.", "units": {unit: list(entries)}}


def entry(value: Any, end: str, start: str | None = None, *, filing: int = 1, filed: str = "2024-02-01") -> Fields:  # noqa: ANN401
    """A value as a filing states it."""
    place = {"accn": f"0000990017-24-{filing:06}", "fy": 2023, "fp": "FY", "form": "10-K", "filed": filed}
    return ({"start": start} if start else {}) | {"end": end, "val": value} | place


def snak(name: str, value: Any, kind: str = "string") -> Fields:  # noqa: ANN401
    return {"snaktype": "value", "property": name, "datavalue": {"value": value, "type": kind}, "datatype": kind}


def item(number: str) -> Fields:
    return {"entity-type": "item", "numeric-id": int(number[1:]), "id": number}


def time(text: str, precision: int, calendar: str = "Q1985727") -> Fields:
    model = f"http://www.wikidata.org/entity/{calendar}"
    return {"time": text, "timezone": 0, "before": 0, "after": 0, "precision": precision, "calendarmodel": model}


def quantity(amount: str, unit: str = "1", **bounds: str) -> Fields:
    return {"amount": amount, "unit": unit if unit == "1" else f"http://www.wikidata.org/entity/{unit}"} | bounds


def claim(name: str, value: Any, number: int = 1, rank: str = "normal", **more: Any) -> Fields:  # noqa: ANN401
    """A statement; ``qualifiers`` are snaks, ``references`` lists of snaks."""
    grouped = {snak["property"]: [snak] for snak in more.get("qualifiers", [])}
    references = [{"hash": "0", "snaks": {snak["property"]: [snak] for snak in snaks}} for snaks in more.get("references", [])]
    identity = f"Q99900001${number:08X}-0000-4000-8000-{name[1:].zfill(12)}"
    statement = {"mainsnak": snak(name, value), "type": "statement", "id": identity, "rank": rank}
    return statement | ({"qualifiers": grouped} if grouped else {}) | ({"references": references} if references else {})


def entity(*claims: Fields, number: str = "Q99900001", **more: Any) -> Fields:  # noqa: ANN401
    """An item with an English label, unless ``more`` says otherwise."""
    grouped: dict[str, list[Fields]] = {}
    for one in claims:
        grouped.setdefault(one["mainsnak"]["property"], []).append(one)
    labels = {"en": {"language": "en", "value": "Fernhold"}}
    return {"type": "item", "id": number, "labels": labels, "claims": grouped or []} | more


def entity_data(*entities: Fields) -> bytes:
    return json.dumps({"entities": {one["id"]: one for one in entities}}).encode()


def listed(format: str, content: bytes) -> list[dict[str, Any]]:
    """The report of what is left out, one entry for each value."""
    file = io.BytesIO()
    with listing(file) as left_out:
        list(OPEN_DATA[format]("file", io.BytesIO(content), Findings(), left_out))
        left_out.finish()
    return [json.loads(line) for line in file.getvalue().splitlines()]
