"""The frame of every page, and the Content-Security-Policy that limits the page to this server."""

from collections.abc import Iterable, Mapping

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from app import __version__
from app.http.conditional import Stamp, not_modified
from app.http.negotiation import language_of, sent_header
from app.http.responses import REVISION_HEADER
from app.http.root_path import root_path_of
from app.http.templates import render
from app.pages.static import ASSETS
from app.pages.words import Words, words_in

_NAVIGATION = {
    "/companies": "Companies",
    "/sources": "Sources",
    "/compare": "Compare",
    "/changes": "Changes",
    "/developers": "Developers",
    "/guide": "Guide",
}
DATA_STYLES = ("style.css", "data.css")
LIST_STYLES = (*DATA_STYLES, "lists.css")
_STRICTEST = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def content_policy(**sources: str) -> str:
    """The strictest Content-Security-Policy that every page works with, and what a page needs in addition.

    ``script_src="'self'"`` sets the directive ``script-src``.
    """
    directives = _STRICTEST | {name.replace("_", "-"): source for name, source in sources.items()}
    return "; ".join(f"{name} {source}" for name, source in directives.items())


PAGE_POLICY = content_policy()


def page(
    request: Request,
    template: str,
    title: str,
    *,
    path: str,
    policy: str = PAGE_POLICY,
    styles: Iterable[str] = (),
    scripts: Iterable[str] = (),
    **values: object,
) -> HTMLResponse:
    """A page made from a template of this room.

    ``path`` is marked in the navigation, ``styles`` and ``scripts`` name assets, and ``values`` are the template's own. The
    frame itself reads of them ``description`` and ``json_url``, the path of the same as JSON.
    """
    html = _html(
        request, template, {"title": title, "path": path, "styles": (*styles, "style.css"), "scripts": scripts, **values}
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Content-Security-Policy": policy})


def _html(request: Request, template: str, values: Mapping[str, object]) -> str:
    root_path = root_path_of(request.scope)
    frame: dict[str, object] = {
        "root_path": root_path,
        "page_url": lambda url: root_path + url.removeprefix("/v1"),
        "assets": root_path + ASSETS,
        "navigation": _NAVIGATION,
        "version": __version__,
        "description": None,
        "json_url": None,
        "query": "",
    }
    return render(f"pages/templates/{template}", **(frame | dict(values)))


def words_for(request: Request) -> Words:
    """The words of the language that the client prefers."""
    return words_in(language_of(sent_header(request, b"accept-language")))


def data_page(
    request: Request, template: str, title: str, stamp: Stamp, *, link: str | None = None, **values: object
) -> Response:
    """A page of what the database holds, with its validators, or 304 if the client has it already.

    It is cached by revision like JSON, so it must show nothing but what was read at ``stamp``. Its template has ``words``.
    """
    words = words_for(request)
    headers = {
        "ETag": stamp.etag_of(f"html-{words.language}"),
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Language",
        REVISION_HEADER: str(stamp.newest),
        "Content-Security-Policy": PAGE_POLICY,  # of a 304 too: browsers put its headers in place of those that they cached
    }
    if link is not None:
        headers["Link"] = link
    unchanged = not_modified(request, headers)
    if unchanged is not None:
        return unchanged
    frame = {
        "title": f"{title} · Company Profiles",
        "path": request.scope["path"],
        "styles": DATA_STYLES,
        "scripts": [],
    }
    html = _html(request, template, {**frame, "words": words, **values})
    return HTMLResponse(html, headers=headers)
