"""What is not YAML is reported on its own line, with what to write instead."""

import io

import pytest

from app.datasets.yaml_reader import read_yaml
from app.records.located import Findings


@pytest.mark.parametrize(
    ("lines", "line", "field", "message"),
    [
        ("unit: %", 3, "unit", "% needs quotes, and the unit is called percent: write unit: percent"),
        ("{name: Margin, unit: %, value: 2}", 3, "unit", "the unit is called percent"),
        ("note: @home", 3, "note", "a value that starts with @ needs quotes, as in '@home'"),
        ("name: x\n    note: `code` # why", 4, "note", "a value that starts with ` needs quotes, as in '`code`'"),
        ("note: Note: the margin", 3, "", "a text with a colon needs quotes"),
        ("\tname: x", 3, "", "a tab cannot indent; use spaces"),
        ('name: "x\n    note: y', 3, "", "the quotes that start here never end"),
    ],
)
def test_the_message_says_what_to_write(lines: str, line: int, field: str, message: str) -> None:
    findings = Findings()
    list(read_yaml("file", io.BytesIO(f"companies:\n  - slug: a\n    {lines}\n".encode()), findings))
    [found] = findings.listed
    assert (found.line, found.field) == (line, field)
    assert message in found.message
