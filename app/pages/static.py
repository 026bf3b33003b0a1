"""The files that pages load: our own, and Swagger UI and ReDoc from the package fastapi-offline."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from fastapi import Request, Response
from starlette.staticfiles import StaticFiles

_OURS = Path(__file__).parent / "assets"
_PACKAGE = "fastapi_offline"
_ONE_YEAR = "public, max-age=31536000, immutable"

_files = StaticFiles(directory=_OURS, packages=[(_PACKAGE, "static")])


def _digest() -> str:
    """Changes when one of our files does, or the version of the package: reading its bundles would delay every start."""
    digest = sha256(version(_PACKAGE).encode())
    for file in sorted(_OURS.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


DIGEST = _digest()
ASSETS = f"/assets/{DIGEST}"
"""The path of the files. It changes with their content, so browsers may cache them."""


async def asset_response(request: Request, digest: str, name: str) -> Response:
    """One file. URLs of other versions also return it, but uncached: during an update, the page may be from a newer process."""
    response = await _files.get_response(name, request.scope)
    response.headers["Cache-Control"] = _ONE_YEAR if digest == DIGEST else "no-cache"
    return response
