"""Swagger UI and ReDoc, from this server alone."""

from secrets import token_urlsafe

from fastapi.responses import HTMLResponse

from app.pages.layout import content_policy, fill, page

_SCRIPTED = {"script_src": "'self'", "connect_src": "'self'", "img_src": "'self' data:", "font_src": "'self' data:"}
_SCROLLBAR_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
"""The one style that ReDoc's bundle adds before it can be told the nonce: first empty, then filled.

It is for scrollbars that we don't use, so a bundle where it differs logs a refusal but looks the same.
"""


def swagger_page() -> HTMLResponse:
    return page(
        "Try it · Company Profiles",
        fill("docs.html"),
        address="/docs",
        policy=content_policy(**_SCRIPTED),
        styles=["swagger-ui.css"],
        scripts=["swagger-ui-bundle.js", "docs.js"],
    )


def redoc_page() -> HTMLResponse:
    """ReDoc makes its styles in the browser; a nonce lets these in and no others."""
    nonce = token_urlsafe(16)
    return page(
        "Reference · Company Profiles",
        fill("redoc.html", nonce=nonce),
        address="/redoc",
        policy=content_policy(**_SCRIPTED, style_src=f"'self' 'nonce-{nonce}' {_SCROLLBAR_STYLE}", worker_src="blob:"),
        scripts=["redoc.standalone.js", "docs.js"],
    )
