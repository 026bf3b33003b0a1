"""The addresses that rules for all of them are tried on."""

LISTS = (
    "/v1/companies",
    "/v1/milestones",
    "/v1/products",
    "/v1/metrics",
    "/v1/sources",
    "/v1/companies/baidu/milestones",
    "/v1/companies/baidu/products",
    "/v1/companies/baidu/metrics",
    "/v1/sources/chinas-sci-tech-is-going-global/facts",
)
RESOURCES = (
    "/v1",
    "/v1/companies/baidu",
    "/v1/companies/baidu/profile",
    "/v1/companies/baidu/milestones/founded",
    "/v1/sources/chinas-sci-tech-is-going-global",
    "/v1/stats",
)
PAGES = (
    "/",
    "/docs",
    "/redoc",
    "/problems",
    "/problems/not-found",
    "/openapi.json",
    "/robots.txt",
    "/health/live",
    "/health/ready",
)
WRITES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("/v1/companies", "/v1/sources"), ("POST",)),
    **dict.fromkeys((f"/v1/companies/baidu/{kind}" for kind in ("milestones", "products", "metrics")), ("POST",)),
    **dict.fromkeys(
        ("/v1/companies/baidu", "/v1/companies/baidu/milestones/founded", "/v1/sources/chinas-sci-tech-is-going-global"),
        ("DELETE", "PATCH", "PUT"),
    ),
}
"""The methods beside GET and HEAD that addresses take."""
