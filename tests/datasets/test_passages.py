"""Reading a source's text, and finding its sentences."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records.passages import CitationFault, Passage, SourceText, digest, read_text, segment
from tests.datasets.examples import BODY_START, TEXT


def quotes(text: str, body_start: int = 0) -> list[tuple[int, int, str]]:
    return [(p.paragraph, p.sentence, text[p.start : p.end]) for p in segment(text, body_start)]


def test_sentences_are_counted_within_paragraphs_of_the_body() -> None:
    assert quotes(TEXT, BODY_START) == [
        (1, 1, "Fernhold makes lamps."),
        (1, 2, "It was founded in 1999 in Norway."),
        (1, 3, "Sales were above 2.5 billion crowns."),
        (2, 1, "The lamp “Glød” 💡 sells in 12 countries."),
        (2, 2, "Nobody knows why."),
    ]


def test_positions_count_code_points_beyond_the_basic_plane() -> None:
    text = "😀😀 One. 😀 Two."
    assert quotes(text) == [(1, 1, "😀😀 One."), (1, 2, "😀 Two.")]


def test_no_break_spaces_before_initials_do_not_upset_the_segmenter() -> None:
    assert quotes("By J.\u00a0B.\u00a0Fern. It\u2028C. works.")[-1][2].endswith("works.")


@given(
    st.text(alphabet=st.sampled_from("aB .!?。\n😀中é\u0301\"'()…\u2028\xa0“”\t1"), max_size=60),
    st.sampled_from(["en", "zh-Hans", "x"]),
)
def test_sentences_are_in_order_trimmed_and_cover_all_that_is_printed(text: str, language: str) -> None:
    position, covered = 0, ""
    for passage in segment(text, 0, language):
        assert position <= passage.start < passage.end <= len(text)
        quote = text[passage.start : passage.end]
        assert quote == quote.strip()
        covered += quote
        position = passage.end
    assert "".join(covered.split()) == "".join(text.split())


def test_a_file_is_read_without_mark_and_with_line_feeds(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffa\r\nb\rc\n".encode())
    assert read_text(tmp_path / "a.txt") == "a\nb\nc\n"


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"ab\xff")
    with pytest.raises(ValueError, match=r"is not UTF-8: byte 0xff at offset 2"):
        read_text(tmp_path / "a.txt")
    with pytest.raises(ValueError, match="no such file"):
        read_text(tmp_path / "b.txt")


@pytest.mark.parametrize(
    ("place", "field", "message"),
    [
        (Passage(1, 9, 0, 5), "sentence", "paragraph 1 has 3 sentences, not 9"),
        (Passage(7, 1, 0, 5), "paragraph", "the text has 2 paragraphs, not 7"),
        (Passage(1, 1, 9_000, 9_001), "end", f"the passage 9000–9001 lies beyond the end, {len(TEXT)}"),
        (
            Passage(1, 1, BODY_START + 25, BODY_START + 30),
            "sentence",
            (
                f"the passage {BODY_START + 25}–{BODY_START + 30} lies in paragraph 1 sentence 2,"
                f" not within paragraph 1 sentence 1, which is {BODY_START}–{BODY_START + 21}"
            ),
        ),
    ],
)
def test_a_citation_is_proved_or_refused_with_the_reason(place: Passage, field: str, message: str) -> None:
    with pytest.raises(CitationFault) as fault:
        SourceText(TEXT, BODY_START).verify(place, digest(TEXT[place.start : place.end]))
    assert (fault.value.field, str(fault.value)) == (field, message)
