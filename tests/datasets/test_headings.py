"""A title or a byline at the start of a text is found, and nothing else is taken for one."""

import pytest

from app.records.headings import after_heading

BODY = "Marigold Mills Ltd was set up in 1981. It has 90 staff.\n"


@pytest.mark.parametrize(
    "heading",
    [
        "Mill opens shop\n\n",
        "Mill opens shop\n\nBy the desk\n\n",
        "MILL OPENS SHOP.\nBy A. Writer\n",
        "# Mill opens shop\n\n",
        "\n  By A. Writer and B. Reader\n\n",
        "A. Writer\n\n",
        "Von der Redaktion\n\n",
    ],
)
def test_the_body_starts_after_the_heading(heading: str) -> None:
    start = after_heading(heading + BODY, 0, "Mill opens shop", ["A. Writer"])

    assert start == len(heading)


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "By 2016 Marigold Mills had 14 shops.\n\n" + BODY,
        "Mill opens shop in Hove, and sells cloth.\n\n" + BODY,
        "Mill opens shop\n",
        "Bystanders were surprised\n\n" + BODY,
    ],
)
def test_a_body_is_not_taken_for_a_heading(text: str) -> None:
    assert after_heading(text, 0, "Mill opens shop", []) is None


def test_a_body_that_starts_after_its_heading_is_as_it_should_be() -> None:
    heading = "Mill opens shop\n\n"
    assert after_heading(heading + BODY, len(heading), "Mill opens shop", []) is None
