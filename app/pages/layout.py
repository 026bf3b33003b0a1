"""The frame of every page, and the Content-Security-Policy that limits the page to this server."""

from collections.abc import Iterable

from fastapi import Request
from fastapi.responses import HTMLResponse

from app import __version__
from app.http.root_path import root_path_of
from app.http.templates import render
from app.pages.static import ASSETS

_NAVIGATION = {"/": "Home", "/docs": "API explorer", "/redoc": "API reference", "/problems": "Errors"}
_STRICTEST = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
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

    ``path`` is marked in the navigation, ``styles`` and ``scripts`` name assets, and ``values`` are the template's own.
    """
    html = render(
        f"pages/templates/{template}",
        title=title,
        path=path,
        styles=(*styles, "style.css"),
        scripts=scripts,
        root_path=root_path_of(request.scope),
        assets=root_path_of(request.scope) + ASSETS,
        navigation=_NAVIGATION,
        version=__version__,
        **values,
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Content-Security-Policy": policy})
