"""The identifiers of a Wikidata item: its own number, and those of registers that its statements give."""

from collections.abc import Callable

from pydantic import ValidationError

from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.wikidata import items as known
from app.datasets.open_data.wikidata.statements import Statement
from app.records.company import CompanyRecord, one_form
from app.records.validation import Value

_MOST_IDENTIFIERS = 50


def identifiers_of(item: str, best: Callable[[str], list[Statement]], left_out: LeftOut) -> list[Value]:
    """The valid identifiers. ``best`` gives the statements of a property that are in force."""
    given = {("wikidata", item): "id"}
    for name, scheme in known.IDENTIFIERS.items():
        for statement in best(name):
            given.setdefault((scheme, one_form(scheme, str(statement.value))), statement.path)
    for statement in best(known.EXCHANGE):
        tickers = statement.qualifiers.get(known.TICKER, [])
        for ticker in (ticker for ticker in tickers if isinstance(ticker, str)):
            given.setdefault(("ticker", ticker), statement.path)
        if not tickers:
            left_out.pass_over(f"claims.{known.EXCHANGE}", "without ticker", statement.value, statement.path)
    identifiers: list[Value] = []
    for (scheme, value), path in given.items():
        if not _is_identifier(scheme, value):
            left_out.refuse(scheme, "not valid", value, path)
        elif len(identifiers) == _MOST_IDENTIFIERS:
            left_out.refuse("identifiers", f"more than {_MOST_IDENTIFIERS}", value, path)
        else:
            identifiers.append({"scheme": scheme, "value": value})
    return identifiers


def _is_identifier(scheme: str, value: str) -> bool:
    try:
        CompanyRecord.model_validate({"slug": "x", "name": "x", "identifiers": [{"scheme": scheme, "value": value}]})
    except ValidationError:
        return False
    return True
