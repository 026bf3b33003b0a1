"""What a client may have meant by a URL at which there is nothing."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.values.text import nearest

_LONGEST = 500
"""Characters of a suggestion."""


@lru_cache(1)
def templates_of(app: FastAPI) -> list[str]:
    """The paths of all endpoints and pages, some with parameters."""
    return [context.path for context in iter_route_contexts(app.routes) if context.path]


def without_slash(path: str, templates: Iterable[str]) -> str | None:
    """The path without slashes at its end, if something is there."""
    shorter = path.rstrip("/")
    if shorter == path:
        return None
    found = any(re.fullmatch(re.sub(r"{[^}]*}", "[^/]+", template), shorter) for template in templates)
    return shorter if found else None


def nearest_path(path: str, templates: Iterable[str]) -> str | None:
    """The most similar path that exists, percent-encoded; None if none is similar.

    Also tried are the path under /v1, in place of another first segment such as /api or /v2, and without the first segment.
    """
    if len(path) > _LONGEST:
        return None
    split = [template.strip("/").split("/") for template in templates]
    given = path.strip("/").split("/")
    shorter = (["v1", *given[1:]], given[1:]) if given[1:] else ()
    for segments in (given, ["v1", *given], *shorter):
        found = _nearest(segments, [template for template in split if len(template) == len(segments)])
        if found is not None:
            encoded = f"/{'/'.join(quote(segment, safe='') for segment in found)}"
            return encoded if len(encoded) <= _LONGEST else None
    return None


def _nearest(segments: Sequence[str], templates: list[list[str]]) -> list[str] | None:
    """The segments of the most similar path, each compared with those that can follow the ones before it."""
    found = []
    for place, segment in enumerate(segments):
        known = {template[place] for template in templates}
        literal = {name for name in known if not name.startswith("{")}
        chosen = segment if segment in literal else nearest(segment, sorted(literal))
        if chosen is None and known == literal:
            return None
        found.append(chosen or segment)
        templates = [t for t in templates if t[place] == chosen or (chosen is None and t[place].startswith("{"))]
    return found if templates and all(found) else None
