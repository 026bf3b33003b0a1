"""Requests that are refused for every client, or because of the client's key."""

from tests.recorded.exchanges import Call, Steps, call, get

JSON = {"content_type": "application/json"}
_COMPANY = "/v1/companies/baidu"
_WRITES = (
    ("POST", "/v1/companies"), ("POST", "/v1/sources"), ("POST", f"{_COMPANY}/milestones"), ("POST", f"{_COMPANY}/metrics"),
    ("POST", f"{_COMPANY}/products"), ("PUT", _COMPANY), ("PATCH", f"{_COMPANY}/milestones/founded"), ("DELETE", _COMPANY),
    ("POST", f"{_COMPANY}/merge?into=kuaishou"), ("POST", "/v1/datasets"), ("PATCH", "/v1/sources/none"),
)  # fmt: skip
_MALFORMED = (
    "/v1/companies/%zz", "/v1/companies/%FF", "/v1/companies/baidu%00", "/v1/companies?name=%zz", "/v1/companies?name=%E4%28",
    "/v1/search?q=%00", "/v1/companies?%FF=1", "/v1/companies/%2e%2e/x", "/v1/companies/Baidu", "/v1/companies/baidu%2Fprofile",
    "/v1/companies/baidu/", "/v1/companies/baidu/milestones/", "/v1//companies", "/v2/companies", "/v1/companies/badu",
    "/v1/companies/baidu/milestones/fonded", "/v1/sources/none/facts", "/v1/companies/none/metrics", "/v1/companies/none/profile",
    f"/v1/companies?name={'a' * 300}", f"/v1/search?q={'a' * 3000}", f"/v1/companies?name={'a' * 9000}", f"/v1/{'a' * 20000}",
    "/v1/milestones?as_of=1&as_of=2", "/v1/milestones?sort=date&sort=slug", "/v1/search?q=a&q=b", "/v1/milestones?from=2012-13",
    "/v1/milestones?from=x&to=y&limit=z", "/v1/metrics?minimum=1e999", "/v1/metrics?minimum=2&maximum=1", "/v1/companies?Limit=1",
)  # fmt: skip


def refusals() -> Steps:
    """Malformed URLs, methods that no endpoint takes, and bodies where none belong."""
    for address in _MALFORMED:
        yield get(address)
    for path in (
        "/",
        "/v1",
        "/v1/companies",
        _COMPANY,
        "/v1/stats",
        "/health/live",
        "/reconcile",
        "/v1/nothing",
        "/docs",
        "/v1/datasets",
    ):
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"):
            yield call(method, path)
    yield call("GET", "/v1/companies", b'{"a": 1}', content_type="application/json")
    yield Call("GET", "/v1/companies", (("Accept", "text/csv"), ("Accept", "application/json")))
    yield get("/v1/datasets")
    yield get(f"{_COMPANY}/merge")
    yield get("/v1/companies", x_long="a" * 9000)


def unauthorised(key: str = "") -> Steps:
    """Every address that writes, without a key, with no key, and with one that may not."""
    wrong = "cp_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    for given in ("", f"Bearer {key}" if key else "", f"Bearer {wrong}", "Bearer x", "Basic YTpi", "Bearer"):
        access = {"authorization": given} if given else {}
        for method, path in _WRITES:
            yield call(method, path, b"{}", **JSON, **access)
        yield get("/v1/companies?limit=1", **access)
