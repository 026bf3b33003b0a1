"""The path under which a proxy publishes the API, such as ``/profiles``, in the URLs of responses (ADR 12).

Documents are stored with URLs that start with ``/v1``. This module alone knows which members of JSON are URLs.
"""

import re
from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import Scope

_PATHS = re.compile(r'":(?:"/"?|\["/[^\]]*)')
"""Where a value is a text that starts with a slash, or a list that starts with one.

In compact JSON this matches values only: within a text, a quotation mark is escaped.
"""
_URLS = frozenset(("next", "more", "of", "type", "$id"))
"""Members that are URLs, besides those whose names end with ``url``."""
_LISTS_OF_URLS = frozenset(("also", "companies", "examples", "facts", "left"))


def root_path_of(scope: Scope) -> str:
    """What public URLs have before ``/v1``; usually empty."""
    path: str = scope.get("root_path", "")
    return path


def public_url(request: Request) -> str:
    """The URL of a request as its client knows it."""
    return str(request.url.replace(path=root_path_of(request.scope) + request.url.path))


def under_root_path(json: str, root_path: str) -> str:
    """Compact JSON with the root path in every URL of this server."""

    def prefixed(found: re.Match[str]) -> str:
        name = json[json.rfind('"', 0, found.start()) + 1 : found.start()]
        value = found[0]
        if value[2] == "[":
            return value.replace('"/', f'"{root_path}/') if name in _LISTS_OF_URLS else value
        if not (name.endswith("url") or name in _URLS or _is_url_by_place(json, name, found.start())):
            return value
        return f'":"{root_path}"' if value.endswith('/"') else f'":"{root_path}/'  # a server's URL has no slash at its end

    return _PATHS.sub(prefixed, json) if root_path else json


def _is_url_by_place(json: str, name: str, end: int) -> bool:
    """Whether it is a link of the index, or the value of a changed field that is a URL."""
    if name in ("before", "after"):
        field = json.rfind('"field":"', 0, end) + len('"field":"')
        return json[field : json.find('"', field)].endswith("url")
    return json.endswith('"links":', 0, json.rfind("{", 0, end))


def documents_under_root_path(documents: Iterable[str], scope: Scope) -> Iterable[str]:
    """The documents of a list, before they become lines or rows."""
    root_path = root_path_of(scope)
    return (under_root_path(document, root_path) for document in documents) if root_path else documents
