"""The front page."""

import re

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.pages.layout import page
from app.pages.queries import MOST_COUNTED, Overview
from app.records.company import Company

_KEY_LINE = re.compile(r'( *)("\w+")(:.*)')


def front_page(request: Request, overview: Overview | None) -> HTMLResponse:
    """The front page. ``overview`` is None while the database is unavailable: the page then still links to the docs."""
    companies = overview.companies if overview else []
    return page(
        request,
        "front.html",
        "Company Profiles: company facts with their sources",
        path="/",
        overview=overview,
        first=companies[0] if companies else None,
        sample=_sample(companies[0]) if companies else [],
        most_counted=MOST_COUNTED,
    )


def closed_page(request: Request) -> HTMLResponse:
    """The front page of a server where reading needs a key. A link cannot send a key, but the API explorer can."""
    return page(request, "closed.html", "Company Profiles: company facts with their sources", path="/")


def _sample(company: Company) -> list[tuple[str, str, str]]:
    """A part of a company's JSON, which shows what a cited fact with a fuzzy date looks like.

    Each line is split into its indentation, its key and the rest.
    """
    shown = company.model_copy(update={"citations": company.citations[:1]})
    place = {"source", "paragraph", "sentence", "start", "end"}
    text = shown.model_dump_json(include={"name": True, "founded": True, "citations": {"__all__": place}}, indent=2)
    matches = ((line, _KEY_LINE.fullmatch(line)) for line in text.splitlines())
    return [(match[1], match[2], match[3]) if match else ("", "", line) for line, match in matches]
