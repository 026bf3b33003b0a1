"""Problems of limits: subclasses of app/errors/problem.py's `Problem`, with their pages."""

from app.errors.problem import Problem


class TooManyRequests(Problem):
    """You, or others with the same IP address, have sent more requests than this server accepts in a period.

    The `RateLimit` header of each response says how many requests are left and for how many seconds, `RateLimit-Policy` how
    many you may send in all. `Retry-After` says when to try again.
    """

    name, title, status = "too-many-requests", "Too many requests", 429
    example = "This server accepts 600 requests in 60 seconds from one client IP. Try again in 12 seconds."


class QueryTimeout(Problem):
    """The query took longer than this server allows. Nothing was changed.

    Request less: leave out `total=true`, add filters, name fewer companies or shorten the query. Other work of the database
    may also have slowed it down; the `Retry-After` header says when to try again.
    """

    name, title, status = "query-timeout", "Query timeout", 503
    example = "The query took too long. Request less, or try again later."
    usual_headers = {"Retry-After": "10"}


class Overloaded(Problem):
    """The server has more requests than it can process at once, and did not process this one.

    The `Retry-After` header says when to try again.
    """

    name, title, status = "overloaded", "Overloaded", 503
    example = "The server is at capacity. Try again in a moment."
    usual_headers = {"Retry-After": "1"}


LIMIT_PROBLEMS: tuple[type[Problem], ...] = (TooManyRequests, QueryTimeout, Overloaded)
"""Problems that any valid request may get, except those for /health."""
