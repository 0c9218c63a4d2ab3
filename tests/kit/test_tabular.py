import pytest

from kit.tabular import csv_lines, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(("value", "shown"), [(-1, -1), (None, ""), ("a=1", "a=1"), ("", "")])
def test_numbers_and_other_text_stay(value, shown):
    assert safe_cell(value) == shown


def test_lines_come_one_by_one_with_their_quotes():
    lines = csv_lines(["a", "b"], [["x,y", 1], ["=z", None]])
    assert [next(lines), next(lines), next(lines)] == ["a,b\r\n", '"x,y",1\r\n', "'=z,\r\n"]
