"""Settings, read from environment variables with the prefix PROFILES_ and from a file ``.env``.

The command line or the application factory reads them once and passes them on. docs/operate/settings.md
describes each one; a test holds the page against this class.
"""

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_RATE = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")
_ORIGIN = re.compile(r"https?://[^\s/,]+")
_OWN_PATHS = (
    "assets|changes|companies|compare|developers|docs|embed|guide|health|metrics|oembed|problems|reconcile"
    "|redoc|search|sources|v1"
)
ROOT_PATH = re.compile(rf"(?!/(?:{_OWN_PATHS})(?:/|$))(?:/(?!\.{{1,2}}(?:/|$))[A-Za-z0-9._~-]+)+")
"""A path such as /profiles that the API can be published under. It must differ from the paths that the API has itself."""
_PUBLIC_HOST = re.compile(r"https?://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")


class Settings(BaseSettings):
    """Everything that can be configured, with its default."""

    model_config = SettingsConfigDict(env_prefix="PROFILES_", env_file=".env", extra="ignore", hide_input_in_errors=True)

    database_url: Annotated[
        SecretStr, Field(description="Database URL: sqlite:///file.db, or postgresql://user:password@host/name.")
    ] = SecretStr("sqlite:///company-profiles.db")
    read_url: Annotated[
        SecretStr | None,
        Field(description="PostgreSQL standbys that serve reads, such as postgresql://user@/name?host=a:5432,b:5433."),
    ] = None
    database_pool_size: Annotated[
        int, Field(ge=1, le=1000, description="Size of each of the two pools of PostgreSQL connections of a worker process.")
    ] = 10
    database_wait_seconds: Annotated[
        float, Field(gt=0, le=600, description="Seconds that a request or command waits for a connection or a lock.")
    ] = 10.0
    statement_seconds: Annotated[
        float,
        Field(ge=0, le=3600, description="Time limit in seconds for each SQL statement of a read. 0 means no limit."),
    ] = 10.0
    prepared_statements: Annotated[
        Literal["auto", "on", "off"],
        Field(description="Whether PostgreSQL prepares statements. auto: unless a connection pooler is in between."),
    ] = "auto"
    concurrent_requests: Annotated[
        int, Field(ge=1, le=100_000, description="Maximum number of concurrent requests per worker process. More get a 503.")
    ] = 40
    event_streams: Annotated[
        int,
        Field(
            ge=0,
            le=100_000,
            description="Maximum number of event streams and waiting long polls per worker process.",
        ),
    ] = 100
    rate_limit: Annotated[
        str,
        Field(max_length=100, description="Rate limit per client IP, such as 600/minute. Empty means no limit."),
    ] = ""
    key_rate_limit: Annotated[
        str,
        Field(max_length=100, description="Rate limit per API key, such as 6000/minute. Empty means no limit."),
    ] = ""
    client_wait_seconds: Annotated[
        float,
        Field(gt=0, le=3600, description="Seconds that a client may stop sending a request or reading a response."),
    ] = 30.0
    seed: Annotated[bool, Field(description="Whether to load the seed into a database without revisions.")] = True
    demo: Annotated[bool, Field(description="Whether to load the demo, too, into a database without revisions.")] = False
    host: Annotated[str, Field(description="Host to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port to listen on. 0 takes a free port.")] = 8000
    root_path: Annotated[
        str, Field(max_length=200, description="Path under which a proxy publishes the API, such as /profiles.")
    ] = ""
    public_url: Annotated[
        str, Field(max_length=500, description="URL of the front page, such as https://example.com/profiles, for absolute URLs.")
    ] = ""
    workers: Annotated[int, Field(ge=1, le=256, description="Number of worker processes.")] = 1
    log_level: Annotated[
        Literal["critical", "error", "warning", "info", "debug"], Field(description="Lowest level that is logged.")
    ] = "info"
    log_format: Annotated[
        Literal["auto", "text", "json"], Field(description="Format of the log. auto means text on a terminal and JSON elsewhere.")
    ] = "auto"
    telemetry: Annotated[bool, Field(description="Emit OpenTelemetry traces and metrics, as the OTEL_* variables configure.")] = (
        False
    )
    metrics_port: Annotated[
        int, Field(ge=0, le=65535, description="Port for Prometheus, which scrapes /metrics there. 0 turns it off.")
    ] = 0
    metrics_host: Annotated[str, Field(description="Host of the port for Prometheus.")] = "127.0.0.1"
    reads_need_key: Annotated[bool, Field(description="Whether reads need an API key with the scope read.")] = False
    cache_megabytes: Annotated[
        int, Field(ge=0, le=65536, description="Size in MB of the response cache of each worker process. 0 turns it off.")
    ] = 32
    key: Annotated[
        SecretStr | None, Field(description="API key with which commands given --server work there. A server needs none.")
    ] = None
    cors_origins: Annotated[
        list[str],
        NoDecode,
        Field(description="Web origins whose pages may read the API, comma-separated. * means every origin, empty means none."),
    ] = ["*"]

    @field_validator("rate_limit", "key_rate_limit")
    @classmethod
    def _is_rate(cls, value: str) -> str:
        if value and not _RATE.fullmatch(value):
            raise ValueError("expected a number of requests and a time, such as 20/second, 600/minute or 5000/hour")
        return value

    @field_validator("root_path", "public_url")
    @classmethod
    def _has_no_slash_at_its_end(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("root_path")
    @classmethod
    def _is_root_path(cls, value: str) -> str:
        if value and not ROOT_PATH.fullmatch(value):
            raise ValueError("expected a path that starts with a slash, such as /profiles, and is no path of the API itself")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_public_url(cls, value: str, info: ValidationInfo) -> str:
        host = _PUBLIC_HOST.match(value)
        path = value[host.end() :] if host else value
        if value and not (host and (not path or ROOT_PATH.fullmatch(path))):
            raise ValueError("expected the URL of the front page, such as https://example.com or https://example.com/profiles")
        if value and info.data.get("root_path", "") not in ("", path):
            raise ValueError("its path must be PROFILES_ROOT_PATH, which may be empty")
        return value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: list[str]) -> list[str]:
        if all(origin == "*" or _ORIGIN.fullmatch(origin) for origin in value):
            return value
        raise ValueError("expected *, or origins such as https://app.example or http://localhost:5173, without a path")
