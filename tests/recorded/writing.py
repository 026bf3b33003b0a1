"""Requests that write: what is created, changed, renamed, merged and deleted, how that is refused, and what is read then."""

import json
from collections.abc import Iterator, Mapping

from tests.editing import lamps
from tests.recorded.exchanges import Call, Steps, call, get
from tests.recorded.refusing import JSON

_FACTS: dict[str, Mapping[str, object]] = {"milestones": lamps.MILESTONE, "products": lamps.PRODUCT, "metrics": lamps.METRIC}
_MERGE_PATCH = {"content_type": "application/merge-patch+json"}
_BAD_BODIES = (
    b"", b"{", b"[]", b"null", b'{"slug": "a", "slug": "b"}', b'{"slug": NaN}', b"\xff", b"[" * 200, b"{}", b'"text"',
    b'{"slug": "Bad Slug", "name": ""}', b'{"slug": "new", "name": "New", "nothing": 1}', b'{"slug": "new", "name": 1}',
    b'{"slug": "new", "name": "New", "country": "XX", "founded": "1999-13"}', b'{"slug": "new", "nam": "New"}',
    b'{"slug": "new", "name": "New", "citations": [{"source": "none", "paragraph": 1, "sentence": 1}]}',
)  # fmt: skip
_AFTERWARDS = (
    "/v1/companies", "/v1/companies?include=milestones,products,metrics", "/v1/milestones?limit=200", "/v1/sources", "/v1/stats",
    "/v1/search?q=lamps", "/v1/suggest?q=fern", "/v1/timeline?company=fernhold", "/v1/changes?since=64", "/v1/metrics?format=csv",
    "/v1/companies?name=Glow&as_of=70", "/v1/compare?companies=fernhold,baidu", "/reconcile/suggest/entity?prefix=fern",
    *(f"{address}{end}" for address in lamps.ADDRESSES for end in ("", "/history", "?as_of=65", "?as_of=70", "?as_of=80")),
    f"{lamps.COMPANY_ADDRESS}/profile", f"{lamps.COMPANY_ADDRESS}/milestones?limit=1", f"{lamps.COMPANY_ADDRESS}?format=jsonld",
    f"{lamps.CATALOGUE_ADDRESS}/facts",
)  # fmt: skip


def _data(value: object) -> bytes:
    return json.dumps(value).encode()


def writes(key: str) -> Steps:
    """Everything with the key, in an order in which a later change rests on an earlier one."""
    access = {"authorization": f"Bearer {key}"}
    yield from _datasets(access)
    yield from afterwards()
    yield from _creations(access)
    for address in lamps.ADDRESSES:
        yield from _changes(address, access)
    yield from _moves(access)
    yield from afterwards()


def afterwards() -> Steps:
    """What is read of a database that was written to."""
    for address in _AFTERWARDS:
        yield get(address)
    yield call("HEAD", lamps.COMPANY_ADDRESS)


def _datasets(access: dict[str, str]) -> Steps:
    whole = lamps.DATASET.encode()
    changed = whole.replace(b"It makes lamps.", b"It makes fine lamps.")
    lines = b"\n".join(
        _data(source) for source in ({"kind": "source"} | lamps.CATALOGUE_SOURCE, {"kind": "source"} | lamps.REGISTER_SOURCE)
    )
    simple = b"companies:\n  - slug: glow\n    name: Glow\n    other_names: [{name: Glimmer}]\n"
    json_type, yaml_type, lines_type = "application/json", "application/yaml", "application/x-ndjson"
    bodies = [
        (whole, json_type),
        (changed, json_type),
        (simple, yaml_type),
        (lines, lines_type),
        (b"", yaml_type),
        (b"a: [", yaml_type),
    ]
    bodies += [(b"companies: 1\nthings: 2\n", yaml_type), (b'{"companies": [{"slug": "x"}]}', json_type), (b"{}\n{", lines_type)]
    bodies += [(b"a: 1\na: 2\n", yaml_type), (b"<a/>", "text/xml"), (b"\xff", json_type)]
    for body, kind in bodies:
        for query in ("?dry_run=true", "?dry_run=maybe", "?prune=true&dry_run=true", "?reason=Recorded", "?resaon=x"):
            yield call("POST", f"/v1/datasets{query}", body, content_type=kind, **access)
    yield call("POST", "/v1/datasets", whole, **access)
    yield call("POST", "/v1/datasets", content_type=json_type, content_length="900000000", **access)
    yield call("POST", "/v1/datasets", whole, content_type=json_type, content_encoding="gzip", **access)


def _creations(access: dict[str, str]) -> Steps:
    company, source = "/v1/companies", "/v1/sources"
    for path in (company, source, *(f"{lamps.COMPANY_ADDRESS}/{kind}" for kind in _FACTS)):
        for body in _BAD_BODIES:
            yield call("POST", path, body, **JSON, **access)
        yield call("POST", path, b"{}", content_type="text/plain", **access)
        yield call("POST", path, b"", content_length="90000000", **JSON, **access)
        yield call("POST", f"{path}?reason={'a' * 301}&other=1", b"{}", **JSON, **access)
    new_source = _data({"slug": "letter", "title": "A letter", "type": "letter", "text": "Fernhold has a dog. It barks."})
    new_company = _data({"slug": "dim", "name": "Dim", "country": "SE", "founded": {"edtf": "2001~", "text": "about 2001"}})
    created = [(source, new_source), (company, new_company)]
    created += [(f"/v1/companies/dim/{kind}", _data(dict(fact) | {"slug": f"own-{kind}"})) for kind, fact in _FACTS.items()]
    for path, body in created:
        for idempotency in ("recorded-1", "recorded-1", "", "bad key\u00e9"):
            more = {"idempotency_key": idempotency} if idempotency else {}
            yield call("POST", f"{path}?reason=First", body, **JSON, **access, **more)
        yield call("POST", path, body + b" ", idempotency_key="recorded-1", **JSON, **access)
    yield call("POST", "/v1/companies/none/milestones", b"{}", **JSON, **access)


def _changes(address: str, access: dict[str, str]) -> Steps:
    """One resource changed in every way, and refused in every way."""
    read = yield get(address)
    etag, stands = read.header("etag"), json.loads(read.body)
    for given in ("", '"other"', "unquoted", f"W/{etag}", f'"other", {etag.replace("json", "csv")}'):
        condition = {"if_match": given} if given else {}
        yield call("PATCH", address, b'{"note": "Refused"}', **_MERGE_PATCH, **access, **condition)
        yield call("DELETE", f"{address}?with_facts=maybe", **access, **condition)
    for body in _wrong(stands):
        for method in ("PUT", "PATCH"):
            yield call(method, address, body, if_match="*", **JSON, **access)
    yield call("PUT", address, read.body, if_match=etag, **JSON, **access)
    yield call("PATCH", f"{address}?reason=Noted", b'{"note": "It is noted"}', if_match=etag, **_MERGE_PATCH, **access)
    yield call("PATCH", address, b'{"note": "Lost"}', if_match=etag, **_MERGE_PATCH, **access)
    again = yield get(address, accept_encoding="gzip")
    changed = again.body.replace(b"It is noted", b"It is noted anew")
    yield call("PUT", address, changed, if_match=again.header("etag"), **JSON, **access)
    yield call("PATCH", address, b'{"note": null}', if_match="*", content_type="text/plain", **access)
    yield call("PATCH", address, b'{"note": null}', if_match="*", **JSON, **access)
    yield get(f"{address}/history?limit=2")
    yield call("DELETE", f"{address}-none", if_match="*", **access)


def _wrong(stands: dict[str, object]) -> Iterator[bytes]:
    yield from _BAD_BODIES
    yield _data(stands | {"revision": 1})
    yield _data(stands | {"url": "/elsewhere"})
    yield _data({**stands, "citations": [{**lamps.SENTENCE, "sentence": 99}]})
    yield _data({**stands, "date": "x", "value": "y", "launched": 3, "title": None, "name": None})


def _moves(access: dict[str, str]) -> Steps:
    """Renamed, merged and deleted, and what the former addresses answer."""
    company = lamps.COMPANY_ADDRESS
    yield call("PATCH", company, b'{"slug": "ferns"}', if_match="*", **JSON, **access)
    yield call("PATCH", "/v1/companies/ferns", b'{"slug": "baidu"}', if_match="*", **JSON, **access)
    yield call("PATCH", "/v1/companies/ferns/products/glod", b'{"slug": "shine"}', if_match="*", **JSON, **access)
    yield call("PATCH", lamps.CATALOGUE_ADDRESS, b'{"slug": "list"}', if_match="*", **JSON, **access)
    yield from _former(access)
    for target in ("", "?into=none", "?into=dim", "?into=ferns&into=baidu", "?into=ferns"):
        yield call("POST", f"/v1/companies/dim/merge{target}", if_match="*", **access)
        yield call("POST", f"/v1/companies/dim/merge{target}", **access)
    yield from _former(access)
    for path in (
        "companies/ferns/metrics/sales",
        "companies/ferns",
        "companies/ferns?with_facts=true",
        "sources/list",
        "sources/letter",
    ):
        yield call("DELETE", f"/v1/{path}", if_match="*", **access)
        yield call("DELETE", f"/v1/{path}", if_match="*", **access)
    yield from _former(access)
    yield call("POST", "/v1/companies", _data({"slug": "ferns", "name": "Ferns anew"}), **JSON, **access)
    yield get("/v1/companies/ferns/history")
    yield get(f"{company}/profile")


def _former(access: dict[str, str]) -> Steps:
    ends = (
        "",
        "/profile",
        "/milestones?limit=5",
        "/products/glod",
        "/metrics/sales/history",
        "/history",
        "?as_of=70",
        "?format=csv",
    )
    for address in (lamps.COMPANY_ADDRESS, "/v1/companies/ferns", "/v1/companies/dim"):
        yield from (Call("GET", f"{address}{end}") for end in ends)
        yield call("HEAD", address)
        yield call("PATCH", address, b'{"note": "x"}', if_match='"other"', **JSON, **access)
    for end in ("", "/facts", "/history", "?as_of=66"):
        yield get(f"{lamps.CATALOGUE_ADDRESS}{end}")
    yield get("/v1/compare?companies=fernhold,baidu")
    yield get("/v1/milestones?company=fernhold")
    yield get("/v1/milestones?source=catalogue&fields=slug,company")
    yield get("/reconcile/preview?id=fernhold")
