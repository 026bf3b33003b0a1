"""The figures as a picture: requests a second side by side, and latency over the number of companies."""

from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.contenders import CONTENDERS
from tests.bench.endpoints import TITLES
from tests.bench.results import Case, Results

_BARS_AT = 1_000
_SAME_EVERY_TIME = {"svg.fonttype": "none", "svg.hashsalt": "company-profiles", "font.size": 8}


def draw(results: Results, path: Path) -> None:
    """Writes an SVG. It takes matplotlib, which is in tests/bench/requirements.txt."""
    matplotlib = import_module("matplotlib")
    matplotlib.use("svg")
    pyplot = import_module("matplotlib.pyplot")
    engines = list(dict.fromkeys(case.engine for case in results.cases))
    with pyplot.rc_context(_SAME_EVERY_TIME):
        figure, axes = pyplot.subplots(len(engines), 2, figsize=(12, 3.6 * len(engines)), squeeze=False, layout="constrained")
        for engine, (left, right) in zip(engines, axes, strict=True):
            _bars(left, results, engine)
            _lines(right, results, engine)
        figure.savefig(path, format="svg", metadata={"Date": None})
        pyplot.close(figure)


def _bars(axis: Any, results: Results, engine: str) -> None:  # noqa: ANN401 - matplotlib is not there where types are checked
    cases = [case for case in results.cases if case.engine == engine]
    sizes = {case.companies for case in cases}
    size = _BARS_AT if _BARS_AT in sizes else max(sizes)
    cases = [case for case in cases if case.companies == size]
    measured = {one.contender for one in results.all if one.engine == engine}
    contenders = [contender for contender in CONTENDERS if contender.name in measured]
    width = 0.85 / len(contenders)
    for number, contender in enumerate(contenders):
        spreads = [results.spread(case, contender.name, lambda result: result.requests_per_second) for case in cases]
        places = [place + number * width for place in range(len(cases))]
        axis.bar(places, [spread.middle if spread else 0 for spread in spreads], width, label=contender.title)
    axis.set_xticks([place + 0.4 for place in range(len(cases))], [case.endpoint for case in cases])
    axis.set(yscale="log", title=f"{engine}, {size:,} companies", ylabel="requests a second")
    _add_legend(axis)


def _lines(axis: Any, results: Results, engine: str) -> None:  # noqa: ANN401 - as above
    sizes = sorted({case.companies for case in results.cases if case.engine == engine})
    for endpoint in dict.fromkeys(case.endpoint for case in results.cases):
        latencies = [(size, results.latency(Case(engine, size, endpoint))) for size in sizes]
        known = [(size, latency / 1000) for size, latency in latencies if latency is not None]
        axis.plot([size for size, _ in known], [latency for _, latency in known], marker="o", label=TITLES[endpoint])
    title = f"{engine}: this API without cache, by number of companies"
    axis.set(xscale="log", yscale="log", title=title, ylabel="median latency, ms, 32 clients")
    _add_legend(axis)


def _add_legend(axis: Any) -> None:  # noqa: ANN401 - as above
    """Below the axis, where it covers nothing."""
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, fontsize=7, frameon=False)
