"""Driving wrk: a script that asks for one address after another, and what wrk measured."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Request = tuple[str, Mapping[str, str]]
"""An address and headers."""

TIMEOUT_SECONDS: Final = 60
_MARK = "measured: "
# wrk calls init once in each thread, request before each request, and done at the end. A status above 399 is an error to it.
_SCRIPT = """
local requests, position = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local fields, headers = {}, {}
    for field in string.gmatch(line, "[^\\t]+") do fields[#fields + 1] = field end
    for i = 2, #fields, 2 do headers[fields[i]] = fields[i + 1] end
    for name, value in pairs(wrk.headers) do headers[name] = value end
    requests[#requests + 1] = wrk.format("GET", fields[1], headers)
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'measured: {"requests": %d, "microseconds": %d, "median": %d, "p99": %d,'
      .. ' "connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
"""
PATCHES: Final = (
    _SCRIPT.replace('wrk.format("GET", fields[1], headers)', "{fields[1], headers}")
    .replace(
        "return requests[position]",
        """count = count + 1
  local body = string.format('{"note": "Note %d of %s"}', count, tostring(requests))
  return wrk.format("PATCH", requests[position][1], requests[position][2], body)""",
    )
    .replace("requests, position = {}, 0", "requests, position, count = {}, 0, 0")
)
"""A script that sends merge patches instead: the note of one fact after another becomes what it was not before."""
_ERRORS = ("connect", "read", "write", "status", "timeout")


class WrkMissing(Exception):
    """There is no wrk on the path."""

    def __init__(self) -> None:
        super().__init__("wrk is not installed. On Debian and Ubuntu: apt-get install wrk")


class RequestsFailed(Exception):
    """Some requests were not answered as they should be, so the figures mean nothing."""


class NothingAnswered(RequestsFailed):
    """No request was answered before the time was over."""


@dataclass(frozen=True)
class Measured:
    """One run of wrk. Latencies are in microseconds; ``refused`` is the share of requests that were.

    ``processor`` is what the server used of its processor meanwhile, in microseconds a request; 0 where nobody looked.
    """

    requests_per_second: float
    median: int
    p99: int
    refused: float = 0.0
    requests: int = 0
    processor: float = 0.0


def require_wrk() -> None:
    """Raises WrkMissing."""
    if shutil.which("wrk") is None:
        raise WrkMissing


def parse(output: str, *, may_refuse: bool = False) -> Measured:
    """Reads what the script wrote at the end. Raises RequestsFailed where wrk saw errors, NothingAnswered where no answer.

    Where the server may refuse, a status above 399 is no error.
    """
    line = next((line for line in output.splitlines() if line.startswith(_MARK)), None)
    if line is None:
        raise RequestsFailed(f"wrk measured nothing: {output[-500:]}")
    found: dict[str, int] = json.loads(line.removeprefix(_MARK))
    errors = {name: found[name] for name in _ERRORS if found[name] and not (may_refuse and name == "status")}
    if errors:
        raise RequestsFailed(f"of {found['requests']} requests some failed: {errors}")
    if not found["requests"]:
        raise NothingAnswered("no request was answered in time")
    refused = found["status"] / found["requests"]
    return Measured(found["requests"] / found["microseconds"] * 1e6, found["median"], found["p99"], refused, found["requests"])


def as_line(request: Request) -> str:
    address, headers = request
    return "\t".join([address, *(part for header in headers.items() for part in header)])


def run(
    folder: Path, url: str, requests: Sequence[Request], *, seconds: float, connections: int, may_refuse: bool = False,
    script: str = _SCRIPT,
) -> Measured:  # fmt: skip
    """Asks for the requests in turn, again and again, over one thread and as many connections. Raises RequestsFailed."""
    program, addresses = folder / "requests.lua", folder / "requests.tsv"
    program.write_text(script, encoding="utf-8")
    addresses.write_text("".join(f"{as_line(request)}\n" for request in requests), encoding="utf-8")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}s", f"--timeout={TIMEOUT_SECONDS}s"]
    command += ["--script", str(program), url, "--", str(addresses)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=seconds + 3 * TIMEOUT_SECONDS)
    if done.returncode:
        raise RequestsFailed(f"wrk ended with {done.returncode}: {done.stderr[-500:]}")
    return parse(done.stdout, may_refuse=may_refuse)
