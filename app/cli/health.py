"""``company-profiles health``."""

import httpx
import typer

from app.cli.terminal import ENVIRONMENT_FAULT, current_settings, fail
from app.server.process import server_url


def health_command() -> None:
    """Ask the server at PROFILES_HOST and PROFILES_PORT whether it is ready. For container health checks."""
    settings = current_settings()
    url = server_url(settings.host, settings.port)
    try:
        response = httpx.get(f"{url}/health/ready", timeout=5, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fail(f"no response from {url}: {error}", ENVIRONMENT_FAULT)
    typer.echo(response.text)
    if response.is_error:
        raise typer.Exit(ENVIRONMENT_FAULT)
