"""A company in JSON-LD, as a schema.org Organization (https://schema.org/Organization)."""

import re
from typing import Any

import orjson

_ISO_8601_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def to_json_ld(document: str, base_url: str) -> bytes:
    """Translate a company's document. Fields without an exact schema.org term are left out.

    So is a fuzzy founding date: schema.org dates are exact.
    """
    company = orjson.loads(document)
    organization: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": base_url + company["url"],
        "name": company["name"],
        "alternateName": [_named(other) for other in company["other_names"]],
        "description": company["summary"],
        "foundingDate": _exact_date(company["founded"]),
        "address": {"@type": "PostalAddress", "addressCountry": company["country"]} if company["country"] else None,
        "subjectOf": [
            {"@type": "CreativeWork", "@id": base_url + url} for url in sorted({c["source_url"] for c in company["citations"]})
        ],
        **_identifiers(company["identifiers"]),
    }
    return orjson.dumps({name: value for name, value in organization.items() if value not in (None, [])})


def _named(other: dict[str, str | None]) -> str | dict[str, str | None]:
    return {"@value": other["name"], "@language": other["language"]} if other["language"] else str(other["name"])


def _exact_date(founded: dict[str, str] | None) -> str | None:
    return founded["edtf"] if founded and _ISO_8601_DATE.fullmatch(founded["edtf"]) and founded["edtf"][5:7] < "13" else None


def _identifiers(identifiers: list[dict[str, str]]) -> dict[str, Any]:
    """The schema.org terms of well-known schemes; any other identifier is a PropertyValue."""
    terms: dict[str, Any] = {}
    others = []
    for scheme, value in ((identifier["scheme"], identifier["value"]) for identifier in identifiers):
        if scheme == "lei":
            terms["leiCode"] = value
        elif scheme == "website":
            terms["url"] = value
        elif scheme == "wikidata":
            terms["sameAs"] = f"http://www.wikidata.org/entity/{value}"
        else:
            others.append({"@type": "PropertyValue", "propertyID": scheme, "value": value})
    return terms | {"identifier": others}
