"""The pages of ``docs/`` hold every setting, command, option and address that the program has, and no other."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.core import TyperCommand, TyperGroup

from app.cli.main import COMMANDS, import_command
from app.main import create_app
from app.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
SETTINGS = DOCS / "operate" / "settings.md"
COMMAND_LINE = DOCS / "operate" / "cli.md"
API = DOCS / "api" / "overview.md"
ROW = re.compile(r"^\| `(PROFILES_\w+)` \| `(.*?)` \| (.+?) \| `(.+)` \|$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def sections(page: str) -> dict[str, str]:
    """The text under each heading of the second level."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def written(value: object) -> str:
    """A setting's value as it is written in the environment."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)


def commands() -> dict[str, TyperCommand]:
    """Each command by its name, which for one of a group is of two words."""
    found: dict[str, TyperCommand] = {}
    for name in COMMANDS:
        command = import_command(name)
        if isinstance(command, TyperGroup):
            members = {f"{name} {member}": one for member, one in command.commands.items()}
        else:
            members = {name: command}
        found |= {name: one for name, one in members.items() if isinstance(one, TyperCommand)}
    return found


def options(command: TyperCommand) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")} - {"--help"}


def test_the_settings_page_has_each_setting_with_its_default() -> None:
    reported = {name: default for name, default, _, _ in ROW.findall(SETTINGS.read_text(encoding="utf-8"))}

    assert reported == {f"PROFILES_{name.upper()}": written(field.default) for name, field in Settings.model_fields.items()}


def test_each_example_of_a_setting_is_one_that_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, default, _, example in ROW.findall(SETTINGS.read_text(encoding="utf-8")):
        for value in (default, example):
            monkeypatch.setenv(name, value)
            Settings(_env_file=None)


@pytest.mark.parametrize("page", sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")))
def test_every_setting_and_command_that_a_page_names_exists(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    known = {f"PROFILES_{name.upper()}" for name in Settings.model_fields}

    assert set(re.findall(r"PROFILES_[A-Z_]*[A-Z]", text)) <= known
    assert set(re.findall(r"(?:^|[^\w.])company-profiles ([a-z]+)", text)) <= {name.partition(" ")[0] for name in commands()}


def test_the_page_of_the_commands_has_each_one_with_its_options() -> None:
    reported = sections(COMMAND_LINE.read_text(encoding="utf-8"))

    assert {name: set(OPTION.findall(text)) for name, text in reported.items()} == {
        name: options(command) for name, command in commands().items()
    }


def test_the_page_of_the_commands_has_each_exit_code() -> None:
    assert re.findall(r"^\| (\d) \|", COMMAND_LINE.read_text(encoding="utf-8"), re.MULTILINE) == ["0", "1", "2", "3"]


def test_the_page_of_the_api_has_each_address() -> None:
    page = API.read_text(encoding="utf-8")
    paths = create_app(Settings(_env_file=None)).openapi()["paths"]

    assert [path for path in paths if f"`{path}`" not in page] == []
