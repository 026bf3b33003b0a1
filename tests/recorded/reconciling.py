"""Requests of reconciliation clients, and of clients that listen to changes."""

from urllib.parse import quote

from tests.recorded.exchanges import Call, Steps, call, get

_QUERIES = (
    '{"q0": {"query": "Badu Inc.", "properties": [{"pid": "country", "v": "China"}]}}',
    '{"q0": {"query": "kuaishou", "type": "company", "limit": 1}, "q1": {"query": "nobody"}}',
    '{"q0": {"query": "baidu", "type": "person", "type_strict": "should"}}', '{"q0": {"query": "b", "limit": 0}}',
    '{"q0": {"query": "b", "properties": [{"pid": "none", "v": 1}]}}', '{"q0": {}}', "[]", "{", "", '{"q0": {"name": "x"}}',
)  # fmt: skip
_EXTENDS = (
    '{"ids": ["kuaishou", "baidu"], "properties": [{"id": "country"}, {"id": "metric:revenue"}, {"id": "founded"}]}',
    '{"ids": ["none"], "properties": [{"id": "name"}]}', '{"ids": [], "properties": []}', '{"ids": ["baidu"]}',
    '{"ids": ["baidu"], "properties": [{"id": "nothing"}]}', "x",
)  # fmt: skip


def reconciling() -> Steps:
    """Names matched, properties fetched, and the boxes of a client, by GET and by POST."""
    form = "application/x-www-form-urlencoded"
    for name, texts in (("queries", _QUERIES), ("extend", _EXTENDS)):
        for text in texts:
            yield get(f"/reconcile?{name}={quote(text)}")
            yield call("POST", "/reconcile", f"{name}={quote(text)}".encode(), content_type=form)
    yield call("POST", "/reconcile", b"{}", content_type="application/json")
    yield call("POST", "/reconcile", b"other=1", content_type=form)
    yield call("POST", "/reconcile", b"", content_type=form, content_length="90000000")
    for query in (
        "",
        "?queries={}&extend={}",
        "?query=x",
        "/preview?id=baidu",
        "/preview?id=none",
        "/preview",
        "/extend/propose",
    ):
        yield get(f"/reconcile{query}")
    for query in ("?type=company", "?type=company&limit=2", "?type=person", "?limit=0"):
        yield get(f"/reconcile/extend/propose{query}")
    for box in ("entity", "type", "property"):
        for query in (
            "?prefix=b",
            "?prefix=co",
            "?prefix=m&limit=1",
            "?prefix=a&cursor=1",
            "?prefix=",
            "",
            "?prefx=b",
            "?prefix=b&spell=always",
        ):
            yield get(f"/reconcile/suggest/{box}{query}")


def streams() -> Steps:
    """The first events of streams that have no end."""
    for query, number in (
        ("since=60", 4),
        ("since=0&kind=company", 2),
        ("since=3&company=kuaishou&action=create", 3),
        ("since=x", 1),
    ):
        yield Call("GET", f"/v1/changes/stream?{query}", events=number)
    yield Call("GET", "/v1/changes/stream", (("Last-Event-ID", "62"),), events=2)
    yield Call("GET", "/v1/changes/stream?limit=1", events=1)
