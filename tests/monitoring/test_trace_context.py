"""Which trace a request says it is of (W3C Trace Context)."""

import pytest

from app.operations.monitoring.requests import sent_trace_id

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def of(*values: str) -> str | None:
    return sent_trace_id({"headers": [(b"traceparent", value.encode("latin-1")) for value in values]})


@pytest.mark.parametrize(
    "value", [f"00-{TRACE}-{PARENT}-01", f"00-{TRACE}-{PARENT}-00", f"cc-{TRACE}-{PARENT}-01-what-the-future-has"]
)
def test_a_trace_is_taken_from_its_header(value: str) -> None:
    assert of(value) == TRACE


@pytest.mark.parametrize(
    "value",
    [
        "",
        TRACE,
        f"00-{TRACE}-{PARENT}",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01-more",
        f"00-{TRACE}-{PARENT}-01\n",
        f"00-{TRACE[:-1]}é-{PARENT}-01",
    ],
)
def test_what_is_no_trace_context_is_passed_over(value: str) -> None:
    assert of(value) is None


def test_two_headers_are_none() -> None:
    assert of(f"00-{TRACE}-{PARENT}-01", f"00-{TRACE}-{PARENT}-01") is None
    assert of() is None
