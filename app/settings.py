"""Settings, from environment variables with the prefix PROFILES_ and from a file ``.env``.

Built once by the command line or the application factory, and passed in. docs/operate/settings.md
describes each one; a test holds the page against this class.
"""

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_RATE = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")
_ORIGIN = re.compile(r"https?://[^\s/,]+")


class Settings(BaseSettings):
    """Everything that can be configured, with its default."""

    model_config = SettingsConfigDict(env_prefix="PROFILES_", env_file=".env", extra="ignore", hide_input_in_errors=True)

    database_url: Annotated[
        SecretStr, Field(description="Database to use: sqlite:///file.db, or postgresql://user:password@host/name.")
    ] = SecretStr("sqlite:///company-profiles.db")
    read_url: Annotated[
        SecretStr | None, Field(description="PostgreSQL standbys that answer reads: postgresql://user@/name?host=a:5432,b:5433.")
    ] = None
    database_pool_size: Annotated[
        int, Field(ge=1, le=1000, description="Most connections that one worker process opens to PostgreSQL.")
    ] = 10
    database_wait_seconds: Annotated[
        float, Field(gt=0, le=600, description="How long a request or command waits for a connection or a lock.")
    ] = 10.0
    statement_seconds: Annotated[
        float,
        Field(
            ge=0, le=3600, description="How long the database may take for one statement of a request that reads; 0 is no limit."
        ),
    ] = 10.0
    concurrent_requests: Annotated[
        int, Field(ge=1, le=100_000, description="Requests that one worker process takes at once; more are refused with 503.")
    ] = 40
    event_streams: Annotated[
        int,
        Field(
            ge=0, le=100_000, description="Clients that may wait for changes at one worker process, by streams and long-polls."
        ),
    ] = 100
    rate_limit: Annotated[
        str,
        Field(max_length=100, description="Requests that an address may send in a time, as 600/minute; empty is no limit."),
    ] = ""
    key_rate_limit: Annotated[
        str,
        Field(max_length=100, description="Requests that a key may send in a time, as 6000/minute; empty is no limit."),
    ] = ""
    client_wait_seconds: Annotated[
        float,
        Field(gt=0, le=3600, description="How long a client may send no more of a request, or take no more of an answer."),
    ] = 30.0
    seed: Annotated[bool, Field(description="Load the seed into a database that has no revision yet.")] = True
    host: Annotated[str, Field(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8000
    workers: Annotated[int, Field(ge=1, le=256, description="Number of server processes.")] = 1
    log_level: Annotated[
        Literal["critical", "error", "warning", "info", "debug"], Field(description="Least level that is logged.")
    ] = "info"
    log_format: Annotated[
        Literal["auto", "text", "json"], Field(description="How log lines are written; auto is text on a terminal, else JSON.")
    ] = "auto"
    telemetry: Annotated[bool, Field(description="Make OpenTelemetry's traces and figures; where they go, OTEL_* tell.")] = False
    metrics_port: Annotated[
        int, Field(ge=0, le=65535, description="Port for Prometheus, which gets figures at /metrics; 0 serves none.")
    ] = 0
    metrics_host: Annotated[str, Field(description="Address to serve Prometheus on.")] = "127.0.0.1"
    reads_need_key: Annotated[bool, Field(description="Whether reading needs a key with the scope read.")] = False
    cache_megabytes: Annotated[
        int, Field(ge=0, le=65536, description="Memory that one worker process keeps answers in; 0 keeps none.")
    ] = 32
    cors_origins: Annotated[
        list[str],
        NoDecode,
        Field(description="Origins whose pages may read the API, separated by commas; * allows every origin, empty allows none."),
    ] = ["*"]

    @field_validator("rate_limit", "key_rate_limit")
    @classmethod
    def _is_rate(cls, value: str) -> str:
        if value and not _RATE.fullmatch(value):
            raise ValueError("expected a number of requests and a time, such as 20/second, 600/minute or 5000/hour")
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
