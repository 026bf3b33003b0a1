"""Follows every link of an API, as a client does that knows nothing but the URL of its front page."""

import html
import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

_KNOWN = re.compile(
    r"v1|assets|changes|companies|compare|datasets|docs|facts|health|history|live|metrics|milestones|openapi\.json|problems|products"
    r"|profile|profiles|ready|reconcile|redoc|schema|search|sources|stats|stream|suggest|timeline|undo"
)
_OF_A_SHAPE = 2
"""URLs that are followed of those that differ in slugs and values only."""
_ELSEWHERE = re.compile(r"https://(?:[a-z0-9-]+\.)+[a-z]+/")
"""What pages cite. This machine has no such name."""
_HTML_LINK = re.compile(r'(?:href|src)="([^"#][^"]*)"')
_ALLOWED = {"/v1/compare": 422, "/v1/search": 422, "/v1/suggest": 422, "/v1/datasets": 403, "/v1/changes/undo": 405}
"""Endpoints that need parameters, a key, or a body."""


def links_in(response: httpx.Response) -> Iterator[str]:
    """The URLs in a response: in its headers, in a page, or as any value of JSON that is one."""
    yield from (link["url"] for link in response.links.values())
    yield from response.headers.get_list("location")
    content_type = response.headers.get("content-type", "").partition(";")[0]
    if content_type == "text/html":
        yield from (html.unescape(link) for link in _HTML_LINK.findall(response.text) if not _ELSEWHERE.match(link))
    elif content_type in ("application/json", "application/ld+json") and not response.url.path.endswith("/openapi.json"):
        yield from _urls(json.loads(response.content), str(response.url.copy_with(raw_path=b"/")))
    elif content_type in ("application/x-ndjson", "text/csv"):
        yield from re.findall(r'(?:^|[",])(/[\w/.-]*v1/[\w/.-]+)', response.text, re.MULTILINE)


def _urls(value: Any, host: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict) and "service_path" in value:
        yield value["service_url"] + value["service_path"]
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _urls(inner, host)
    elif isinstance(value, str) and value.startswith(("/", host)) and "{{" not in value:
        yield value


def _shape(url: str) -> str:
    parts = urlsplit(url)
    segments = [segment if _KNOWN.fullmatch(segment) else "*" for segment in parts.path.split("/")]
    return f"{'/'.join(segments)}?{'&'.join(sorted(pair.partition('=')[0] for pair in parts.query.split('&')))}"


def crawl(client: httpx.Client, start: str) -> dict[str, int]:
    """The status of each URL that was followed from ``start``. A link outside of it counts as 0."""
    found: dict[str, int] = {}
    shapes: Counter[str] = Counter()
    waiting = deque([start, f"{start}v1/companies?limit=1", f"{start}v1/milestones?format=csv", f"{start}reconcile"])
    while waiting:
        url = waiting.popleft()
        shapes[_shape(url)] += url not in found
        if url in found or shapes[_shape(url)] > _OF_A_SHAPE:
            continue
        if not url.startswith(start):
            found[url] = 0
            continue
        with client.stream("GET", url) as response:
            found[url] = response.status_code
            if response.headers.get("content-type", "").startswith("text/event-stream"):
                continue
            response.read()
        waiting.extend(urljoin(url, link) for link in links_in(response))
    return found


def wrong(found: dict[str, int]) -> dict[str, int]:
    """What was followed in vain. The URL that slugs of the manifest are appended to redirects to the list."""

    def leads_on(url: str, status: int) -> bool:
        path = urlsplit(url).path
        expected = next((other for end, other in _ALLOWED.items() if path.endswith(end)), 200)
        return status == (308 if path.endswith("/companies/") else expected)

    return {url: status for url, status in found.items() if not leads_on(url, status)}
