"""What a load says of values that are valid but look like mistakes, and what a dry run shows of each citation."""

from pathlib import Path

import pytest

from app.cli import terminal
from app.datasets.reader import read_dataset
from app.records.checks import check_record
from app.records.located import Findings
from app.records.metric import MetricRecord
from tests.cli.conftest import CommandLine
from tests.databases import DatabasesOn
from tests.datasets.examples import write

MILLS = """\
sources:
  - slug: memo
    title: Mill opens shop
    type: article
    {source}
companies:
  - slug: marigold-mills
    name: Marigold Mills Ltd
    milestones:
      - slug: set-up
        title: Set up
        category: founding
        date: 1981
        citations:
          - {{source: memo, paragraph: 1, sentence: 1{numbers}}}
"""
TEXT = "Mill opens shop\\n\\nBy the desk\\n\\nMarigold Mills Ltd was set up in 1981. It has 90 staff.\\n"
HEADED = MILLS.format(source=f'text: "{TEXT}"', numbers="")
BODY = HEADED.replace("type: article", "type: article\n    body_start: 30")
SENTENCE = "Marigold Mills Ltd was set up in 1981."
WARNING = (
    "Warning: data.yaml:2: sources[0].body_start: paragraph 1 starts with a title or byline, 'Mill opens shop'; to start it with"
    " 'Marigold Mills Ltd was set up in 1981. It has 90 staff.', write body_start: 30"
)


@pytest.fixture
def command(databases_on: DatabasesOn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.chdir(tmp_path)
    databases = databases_on("sqlite")
    return CommandLine(databases.copy(databases.migrated))


def load(command: CommandLine, text: str, *options: str) -> tuple[list[str], list[str]]:
    """The lines of the output and of the messages of a load."""
    write(Path(), text)
    result = command("load", "data.yaml", *options)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines(), result.stderr.splitlines()


def test_a_headline_as_paragraph_1_is_warned_about(command: CommandLine) -> None:
    shown, tried = load(command, HEADED, "--dry-run")
    _, loaded = load(command, HEADED)

    assert shown[-1] == "    cites memo, paragraph 1 sentence 1: 'Mill opens shop'"
    assert tried[0] == loaded[0] == WARNING


def test_a_body_that_starts_after_the_byline_is_cited_without_a_warning(command: CommandLine) -> None:
    shown, messages = load(command, BODY, "--dry-run")

    assert shown[-1] == f"    cites memo, paragraph 1 sentence 1: '{SENTENCE}'"
    assert len(messages) == 1


def test_a_dry_run_shows_the_passage_of_a_changed_citation_only(command: CommandLine) -> None:
    load(command, BODY)
    changed, _ = load(command, BODY.replace("sentence: 1", "sentence: 2"), "--dry-run")
    same, _ = load(command, BODY.replace("date: 1981", "date: 1982"), "--dry-run")

    assert changed[-1] == "    cites memo, paragraph 1 sentence 2: 'It has 90 staff.'"
    assert not [line for line in same if "cites" in line]


def test_a_dry_run_shows_the_passages_of_a_copy(command: CommandLine) -> None:
    load(command, BODY)
    lines = command.output("export").decode().splitlines()
    extent = [line.strip() for line in lines if line.startswith(("  length:", "  sha256:", "  body_start:"))]
    place = [line.strip() for line in lines if line.strip().startswith(("start:", "end:", "sha256:"))][1:]
    text = TEXT.encode().decode("unicode_escape")
    Path("copy.txt").write_text(text, encoding="utf-8")
    dataset = MILLS.format(source="\n    ".join(extent), numbers=", " + ", ".join(place)).replace("memo", "private")
    with_copy, _ = load(command, dataset, "--dry-run", "--text", "copy.txt")
    without, _ = load(command, dataset, "--dry-run")

    assert with_copy[-1] == f"    cites private, paragraph 1 sentence 1: '{SENTENCE}'"
    assert without[-1] == "    cites private, paragraph 1 sentence 1: characters 30–68"


def test_a_dry_run_of_much_shows_the_first_passages(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_MOST_PASSAGES", 1)
    citation = "          - {source: memo, paragraph: 1, sentence: 2}\n"
    shown, messages = load(command, BODY + citation, "--dry-run")

    assert len([line for line in shown if "cites" in line]) == 1
    assert "… and 1 more passages" in messages


def test_a_withdrawn_text_that_is_loaded_again_is_warned_about(command: CommandLine) -> None:
    load(command, BODY)
    command.output("withdraw", "memo")
    _, messages = load(command, BODY)

    assert messages[0] == "Warning: data.yaml:6: sources[0].text: was withdrawn; now it is served again"


METRIC = """\
sources: [{slug: memo, title: Memo, type: article, text: "Marigold sold 32,000 kettles for 18.4 million euros."}]
companies:
  - slug: marigold-mills
    name: Marigold Mills Ltd
    metrics:
      - slug: kettles
        metric: kettles
        name: Kettles
        value: 3200
        unit: count
        stated_as: 32,000 kettles
        equivalent: {value: 1840000, unit: EUR, stated_as: 18.4 million euros}
        citations: [{source: memo, paragraph: 1, sentence: 1}]
"""


@pytest.mark.parametrize("option", ["--dry-run", "--reason=Test"])
def test_a_value_that_contradicts_the_words_of_its_source_is_warned_about(command: CommandLine, option: str) -> None:
    _, messages = load(command, METRIC, option)

    place = "Warning: data.yaml:{}: companies[0].metrics[0].{}"
    assert messages[0] == f"{place.format(9, 'value')}: is 3200, but stated_as is '32,000 kettles', which is 32000"
    assert (
        messages[1]
        == f"{place.format(12, 'equivalent.value')}: is 1840000, but stated_as is '18.4 million euros', which is 18400000"
    )


def test_values_that_agree_raise_no_warning(command: CommandLine) -> None:
    agreeing = METRIC.replace("3200\n", "32000\n").replace("1840000", "18400000")
    assert not any(message.startswith("Warning") for message in load(command, agreeing)[1])


@pytest.mark.parametrize("file", sorted(Path("seed").resolve().rglob("*.yaml")), ids=lambda file: file.stem)
def test_no_value_that_ships_contradicts_the_words_of_its_source(file: Path) -> None:
    findings = Findings()
    for located in read_dataset([file]):
        if isinstance(located.record, MetricRecord):
            check_record(located, findings)
    assert findings.warnings == []
