"""Resources as linked data (JSON-LD 1.1), with the terms of schema.org.

The context is part of each document, so nothing has to be fetched to read it. A field without an exact term is left out. So is a
fuzzy date: dates of schema.org are exact.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from fastapi import Request, Response

from app.http.conditional import Stamp
from app.http.negotiation import Format
from app.http.responses import respond

Json = dict[str, Any]

_IRI: Json = {"@type": "@id"}
_DATE: Json = {"@type": "Date"}
_CONTEXT: Json = {
    "@vocab": "http://schema.org/",
    **dict.fromkeys(("license", "sameAs", "url"), _IRI),
    **dict.fromkeys(("datePublished", "foundingDate", "observationDate", "releaseDate", "startDate"), _DATE),
}
_EXACT_DATE = re.compile(r"\d{4}(-(0\d|1[0-2])(-\d{2})?)?")
_TYPES_OF_SOURCES = {"article": "Article", "dataset": "Dataset", "page": "WebPage", "report": "Report"}
_VALUE_TERMS = {
    "exact": "value", "more_than": "minValue", "at_least": "minValue", "less_than": "maxValue", "at_most": "maxValue",
}  # fmt: skip
"""The term of a number by its qualifier. "About" has none."""


def respond_resource(request: Request, body: str | bytes, stamp: Stamp, format: Format) -> Response:
    """Respond with a stored document, or with a profile, in the format of the request."""
    content = body.encode() if isinstance(body, str) else body
    if format is Format.JSONLD:
        content = to_json_ld(content, str(request.base_url).rstrip("/"))
    return respond(request, content, stamp, format)


def to_json_ld(document: str | bytes, base_url: str) -> bytes:
    """Translate the document of a company, a fact or a source, or a profile, which becomes a graph of all its resources."""
    resource: Json = orjson.loads(document)
    if "sources" in resource:
        parts = [resource["company"]]
        for name in ("milestones", "products", "metrics", "sources"):
            parts += resource[name]["items"]
        content: Json = {"@graph": [_node(part, base_url) for part in parts]}
    else:
        content = _node(resource, base_url)
    return orjson.dumps({"@context": _CONTEXT} | content)


def _node(resource: Json, base_url: str) -> Json:
    """The terms of one resource. Facts and companies name the sources that they cite."""
    kind = resource.get("kind") or ("company" if "profile_url" in resource else "source")
    node = {"@id": base_url + resource["url"], **_TERMS[kind](resource, base_url)}
    cited = sorted({citation["source_url"] for citation in resource.get("citations", ())})
    node["subjectOf"] = [{"@type": "CreativeWork", "@id": base_url + url} for url in cited]
    return {name: value for name, value in node.items() if value not in (None, [])}


def _company(company: Json, _: str) -> Json:
    return {
        "@type": "Organization",
        "name": company["name"],
        "alternateName": [_named(other) for other in company["other_names"]],
        "description": company["summary"],
        "foundingDate": _exact_date(company["founded"]),
        "address": {"@type": "PostalAddress", "addressCountry": company["country"]} if company["country"] else None,
        **_identifiers(company["identifiers"]),
    }


def _named(other: Mapping[str, str | None]) -> str | dict[str, str | None]:
    return {"@value": other["name"], "@language": other["language"]} if other["language"] else str(other["name"])


def _identifiers(identifiers: Iterable[Mapping[str, str]]) -> Json:
    """The terms of well-known schemes; any other identifier is a PropertyValue."""
    terms: Json = {}
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


def _milestone(milestone: Json, base_url: str) -> Json:
    return {
        "@type": "Event",
        "name": milestone["title"],
        "description": milestone["description"],
        "keywords": milestone["category"],
        "startDate": _exact_date(milestone["date"]),
        "about": _organization(milestone, base_url),
    }


def _product(product: Json, base_url: str) -> Json:
    return {
        "@type": "Product",
        "name": product["name"],
        "description": product["description"],
        "category": product["category"],
        "releaseDate": _exact_date(product["launched"]),
        "brand": _organization(product, base_url),
    }


def _metric(metric: Json, base_url: str) -> Json:
    """A bound is ``minValue`` or ``maxValue``. An approximate number has only the words of the source."""
    value = {_VALUE_TERMS[metric["qualifier"]]: metric["value"]} if metric["qualifier"] in _VALUE_TERMS else {}
    return {
        "@type": "Observation",
        "name": metric["name"],
        "description": metric["stated_as"],
        "measuredProperty": {"@type": "Property", "name": metric["metric"]},
        **value,
        "unitText": metric["unit"],
        "observationDate": _exact_date(metric["period"]),
        "observationAbout": _organization(metric, base_url),
    }


def _organization(fact: Json, base_url: str) -> Json:
    return {"@type": "Organization", "@id": base_url + fact["company_url"]}


def _source(source: Json, _: str) -> Json:
    """Authors and publisher have a name only: whether it is that of a person is not known."""
    return {
        "@type": _TYPES_OF_SOURCES.get(source["type"], "CreativeWork"),
        "name": source["title"],
        "author": [{"name": name} for name in source["authors"]],
        "publisher": {"name": source["publisher"]} if source["publisher"] else None,
        "datePublished": _exact_date(source["published"]),
        "inLanguage": source["language"],
        "url": source["original_url"],
        "license": source["licence"] if str(source["licence"]).startswith(("https://", "http://")) else None,
    }


_TERMS: Mapping[str, Callable[[Json, str], Json]] = {
    "company": _company, "milestone": _milestone, "product": _product, "metric": _metric, "source": _source,
}  # fmt: skip


def _exact_date(date: Mapping[str, str] | None) -> str | None:
    return date["edtf"] if date and _EXACT_DATE.fullmatch(date["edtf"]) else None
