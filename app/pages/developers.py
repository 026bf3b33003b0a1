"""The page for developers: examples of requests, on the data of this server."""

import re

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.pages.layout import page
from app.pages.queries import Overview
from app.records.company import Company

_KEY_LINE = re.compile(r'( *)("\w+")(:.*)')


def developers_page(request: Request, overview: Overview | None) -> HTMLResponse:
    """The page. ``overview`` is None while the database is unavailable, or if reading requires a key."""
    first = overview.company if overview else None
    return page(
        request,
        "developers.html",
        "For developers · Company Profiles",
        path="/developers",
        overview=overview,
        first=first,
        sample=_sample(first) if first else [],
    )


def _sample(company: Company) -> list[tuple[str, str, str]]:
    """A part of a company's JSON, which shows what a cited fact with a fuzzy date looks like.

    Each line is split into its indentation, its key and the rest.
    """
    shown = company.model_copy(update={"citations": company.citations[:1]})
    place = {"source", "paragraph", "sentence", "start", "end"}
    text = shown.model_dump_json(include={"name": True, "founded": True, "citations": {"__all__": place}}, indent=2)
    matches = ((line, _KEY_LINE.fullmatch(line)) for line in text.splitlines())
    return [(match[1], match[2], match[3]) if match else ("", "", line) for line, match in matches]
