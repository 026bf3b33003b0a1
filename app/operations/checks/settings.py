"""Settings that are risky, or unlikely to be intended."""

import os
from collections.abc import Iterator

from app.operations.checks.findings import Finding, ok, warning
from app.settings import Settings

AREA = "settings"
_LOOPBACK = ("127.", "localhost", "::1")
_MEGABYTE = 1024 * 1024


def check_settings(settings: Settings) -> Iterator[Finding]:
    warnings = [*_exposure(settings), *_sizes(settings)]
    yield from warnings
    if not warnings:
        yield ok(AREA, "no risky settings")


def _is_local(host: str) -> bool:
    return host.startswith(_LOOPBACK)


def _exposure(settings: Settings) -> Iterator[Finding]:
    if not _is_local(settings.host) and not settings.reads_need_key:
        yield warning(
            AREA,
            f"anyone who can reach {settings.host} port {settings.port} can read everything without a key",
            "To prevent that, set PROFILES_READS_NEED_KEY=true, or PROFILES_HOST=127.0.0.1 behind a proxy.",
        )
    if "*" in settings.cors_origins:
        yield warning(
            AREA,
            "web pages of any origin can read the API from their visitors' browsers",
            "To prevent that, list the allowed origins in PROFILES_CORS_ORIGINS, or leave it empty.",
        )
    if settings.metrics_port and not _is_local(settings.metrics_host):
        yield warning(
            AREA,
            f"anyone who can reach {settings.metrics_host} port {settings.metrics_port} can read the metrics",
            "Let only Prometheus reach that port, or set PROFILES_METRICS_HOST=127.0.0.1.",
        )


def _sizes(settings: Settings) -> Iterator[Finding]:
    processors = os.cpu_count() or 1
    if settings.workers > 2 * processors:
        yield warning(
            AREA,
            f"{settings.workers} workers share {processors} processors",
            "Set PROFILES_WORKERS to about the number of processors.",
        )
    memory, cached = _memory_megabytes(), settings.workers * settings.cache_megabytes
    if memory is not None and cached > memory // 2:
        yield warning(
            AREA,
            f"the caches of all workers may take {cached:,} MB of the machine's {memory:,} MB of memory",
            "Lower PROFILES_CACHE_MEGABYTES or PROFILES_WORKERS.",
        )


def _memory_megabytes() -> int | None:
    """The memory of the machine; None if the system does not report it."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE
    except (AttributeError, ValueError, OSError):
        return None
