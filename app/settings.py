"""Settings, from environment variables with the prefix PROFILES_ and from a file ``.env``.

Built once by the command line or the application factory, and passed in. docs/settings.md
describes each one; a test holds the page against this class.
"""

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

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
    reads_need_key: Annotated[bool, Field(description="Whether reading needs a key with the scope read.")] = False
    cache_megabytes: Annotated[
        int, Field(ge=0, le=65536, description="Memory that one worker process keeps answers in; 0 keeps none.")
    ] = 32
    cors_origins: Annotated[
        list[str],
        NoDecode,
        Field(description="Origins whose pages may read the API, separated by commas; * is every origin, empty is none."),
    ] = ["*"]

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
