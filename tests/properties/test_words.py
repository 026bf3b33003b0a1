"""Keys and words of plain texts are made in a shorter way, which gives what the long way gives."""

from hypothesis import given
from hypothesis import strategies as st

from app.api.search.hits import _spans
from app.search.words import Term, terms, words
from app.values.text import fold

PLAIN = st.text(st.characters(max_codepoint=127), max_size=80)
NO_LETTER = "\u2042"
"""Makes a text one that is not plain, and is no word itself."""


@given(PLAIN)
def test_a_plain_key_is_that_of_the_long_way(text: str) -> None:
    assert fold(text) == fold(f"{NO_LETTER}{text}")[1:]


@given(PLAIN)
def test_the_words_of_a_plain_text_are_those_of_the_long_way(text: str) -> None:
    assert list(words(text)) == [word for word in words(f"{text}{NO_LETTER}") if word.text != NO_LETTER]


QUERY_TEXT = st.text("aAbB9 _-\"'", max_size=40)
QUERIES = QUERY_TEXT.map(terms).filter(bool)
FAR_OFF = f" {NO_LETTER}"


@given(QUERY_TEXT, QUERIES)
def test_words_are_marked_in_a_plain_text_as_in_any_other(text: str, wanted: list[Term]) -> None:
    assert _spans(text, wanted) == _spans(f"{text}{FAR_OFF}", wanted)


@given(st.sampled_from(["b", "9"]), st.integers(58, 62), QUERY_TEXT)
def test_very_long_words_are_marked_in_a_plain_text_as_in_any_other(letter: str, length: int, more: str) -> None:
    wanted = terms(f'{letter * length} "{letter * length} a"')
    text = f"{letter * 60} a {letter * length} a {letter * 61}-a{more}"
    assert _spans(text, wanted) == _spans(f"{text}{FAR_OFF}", wanted)
