"""Requests that read: every address, with the parameters, formats and headers that it takes and some that it refuses."""

from collections.abc import Iterator, Sequence

from tests.recorded.exchanges import Steps, get
from tests.recorded.negotiating import conditions, headers
from tests.recorded.reconciling import reconciling, streams

_COMPANY = "/v1/companies/baidu"
_SOURCE = "/v1/sources/chinas-sci-tech-is-going-global"
_FACTS = ("milestones", "products", "metrics")
_KINDS = {"milestones": "founded", "products": "ai-chips", "metrics": "countries-served"}
_DATES = ("from=2012&to=2017-12-31", "from=2015&certain=true", "dated=false", "to=2012-05&dated=true", "from=2020&to=2019")
_OF_FACTS = (
    "category=launch&category=technology", "country=CN", "company=baidu", "company=badu", "company=kuaishou&limit=3",
    "source=chinas-sci-tech-is-going-global&limit=2", "source=none", "sort=-date,slug&limit=4",
    "fields=slug,url,citations&limit=5", "metric=revenue", "unit=CNY", "qualifier=more_than", "minimum=1000&maximum=1e9",
    "minimum=x", "growth=true", "include=milestones", "kind=milestone", "group=year&limit=7",
)  # fmt: skip
_OF_LISTS = (
    "", "limit=1", "limit=200", "limit=0", "limit=201", "limit=x", "limit=1&limit=2", "total=true&limit=2", "total=maybe",
    "format=csv", "format=ndjson", "format=jsonld", "format=json", "format=xml", "format=csv&limit=2", "format=ndjson&limit=2",
    "sort=slug", "sort=-slug&limit=3", "sort=nothing", "sort=slug,slug", "fields=slug", "fields=slog", "fields=",
    "cursor=AAAA", "cursor=%21", "as_of=10", "as_of=0", "as_of=9999", "as_of=2000-01-01", "as_of=2999-01-01", "as_of=then",
    "limt=1", "nothing=1", "limit", "&&",
)  # fmt: skip
_LISTS: dict[str, Sequence[str]] = {
    "/v1/companies": (
        *_DATES, "sort=-founded,name", "sort=country", "country=CN&country=US", "country=cn", "country=XX", "name=Baidu",
        "name=bAIDU", "identifier=lei:5493", "identifier=none", "include=milestones,products,metrics", "include=nothing",
        "include=metrics&limit=1&as_of=40", "include=milestones&format=csv", "fields=slug,founded&format=csv",
    ),
    **{f"/v1/{kind}": (*_DATES, *_OF_FACTS) for kind in (*_FACTS, "timeline")},
    **{f"{_COMPANY}/{kind}": (*_DATES[:2], *_OF_FACTS[::3]) for kind in _FACTS},
    "/v1/companies/kuaishou/metrics": ("growth=true", "metric=market_rank&sort=-value", "format=csv&growth=true"),
    "/v1/sources": (*_DATES[:2], "type=article", "publisher=Global%20Times%20Online", "sort=-title", "sort=published"),
    f"{_SOURCE}/facts": ("kind=metric", "kind=nothing", "company=kuaishou&limit=4", "fields=slug,kind"),
    f"{_COMPANY}/history": ("cursor=1",),
    f"{_SOURCE}/history": (),
}  # fmt: skip
_SEARCHES = (
    "q=baidu", "q=autonmous", "q=short+video&limit=3", "q=%22deep+learning%22", "q=deep&kind=product", "q=ai&company=kuaishou",
    "q=ai&country=CN&sort=date", "q=ai&sort=-date&limit=5", "q=", "", "q=%20", "q=ai*", "q=ai+-chips", "q=ai&total=true",
    "q=ai&from=2014&to=2018", "q=ai&format=csv", "q=ai&format=ndjson&limit=3", "q=ai&fields=title", "q=%E4%B8%AD", "q=zzzz",
)  # fmt: skip
_OTHERS = (
    "/", "/v1", "/v1?format=csv", "/docs", "/redoc", "/problems", "/openapi.json", "/robots.txt", "/favicon.ico", "/docs?a=1",
    "/health/live", "/health/ready", "/health/live?x=1", "/v1/stats", "/v1/stats?format=csv", "/v1/stats?as_of=3",
    "/v1/datasets/schema", "/v1/companies/", "//v1/companies", "/v1/", "/problems/nothing", "/assets/0/nothing.css",
    *(f"/v1/search?{query}" for query in _SEARCHES),
    *(f"/v1/suggest{query}" for query in ("?q=b", "?q=kuai", "?q=", "", "?q=ai&format=csv", "?q=zz", "?q=b&limit=1")),
    *(
        f"/v1/compare{query}"
        for query in (
            "", "?companies=baidu", "?companies=baidu,kuaishou", "?companies=kuaishou,baidu&metric=market_rank",
            "?companies=baidu,kuaishou&format=csv", "?companies=baidu,none", "?companies=baidu,baidu", "?companies=,",
            "?companies=baidu,kuaishou&as_of=30", "?companies=baidu&companies=kuaishou", "?companies=baidu,kuaishou&metric=x",
            "?companies=baidu,kuaishou&format=ndjson",
        )
    ),
    *(
        f"/v1/changes{query}"
        for query in (
            "", "?limit=3", "?since=60", "?since=64", "?since=99", "?since=-1", "?since=64&wait=1", "?since=3&wait=1&limit=2",
            "?kind=company", "?kind=product&limit=2", "?action=delete", "?action=nothing", "?company=kuaishou&limit=2",
            "?format=csv", "?format=ndjson&limit=2", "?fields=revision,url", "?cursor=1", "?wait=999", "?limit=0",
        )
    ),
)  # fmt: skip
_PROBLEMS = (
    "address-too-long", "body-too-large", "conflict", "database-unavailable", "gone", "header-too-large",
    "idempotency-key-reused", "insufficient-scope", "insufficient-storage", "internal-error", "invalid-cursor", "invalid-dataset",
    "invalid-parameters", "invalid-record", "malformed-request", "method-not-allowed", "not-acceptable", "not-found",
    "overloaded", "precondition-failed", "precondition-required", "query-timeout", "read-only", "request-timeout",
    "too-many-requests", "unauthenticated", "unsupported-media-type", ").split",
)  # fmt: skip
_ONES = (_COMPANY, f"{_COMPANY}/profile", _SOURCE, *(f"{_COMPANY}/{kind}/{slug}" for kind, slug in _KINDS.items()))
_OF_ONES = (
    "",
    "format=csv",
    "format=jsonld",
    "format=ndjson",
    "as_of=2",
    "as_of=60",
    "as_of=2000-01-01",
    "include=metrics",
    "x=1",
)


def addresses() -> Iterator[str]:
    """Every address that is read, with its parameters."""
    for path, queries in _LISTS.items():
        yield from (f"{path}?{query}" if query else path for query in dict.fromkeys((*_OF_LISTS, *queries)))
    for path in _ONES:
        yield from (f"{path}?{query}" if query else path for query in _OF_ONES)
        yield f"{path}-none"
    yield from (f"{_COMPANY}/{kind}/{slug}/history" for kind, slug in _KINDS.items())
    yield from _OTHERS
    yield from (f"/problems/{name}" for name in _PROBLEMS)


def reads() -> Steps:
    """All that is read of the seed."""
    for address in addresses():
        yield get(address)
    yield from _pages()
    yield from headers()
    yield from conditions(_ONES)
    yield from reconciling()
    yield from streams()


def _pages() -> Steps:
    """Pages in their order, until the last one or the fifth."""
    starts = ("/v1/companies?limit=1", "/v1/timeline?limit=6", "/v1/search?q=ai&limit=2", "/v1/changes?limit=20")
    lists = (
        *(f"/v1/{kind}?limit=9&sort=-date" for kind in _FACTS),
        "/v1/products?limit=10&sort=name",
        "/v1/metrics?sort=-value&limit=4",
    )
    past = ("/v1/timeline?limit=4&group=year", f"{_SOURCE}/facts?limit=20", "/v1/milestones?limit=8&as_of=50&fields=slug")
    for start in (*starts, *lists, *past):
        address = start
        for _ in range(5):
            answer = yield get(address)
            address = answer.next
            if not address:
                break
        else:
            cursor = address.partition("cursor=")[2]
            yield get(f"/v1/companies?cursor={cursor}")
            yield get(f"{address}&sort=slug")
