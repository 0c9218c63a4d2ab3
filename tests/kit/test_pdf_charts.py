"""Chart values add up, and their drawings say what the values say."""

from dataclasses import replace

import pytest

from kit import charts as c
from kit.pdf import charts as drawing
from kit.pdf import palette as p
from kit.pdf.charts.frame import short_share, spread, steps
from kit.pdf.sheet import Sheet
from tests.kit.pdf_pages import BARS, LANES, MONEY, SITES, STANDING, about, everything, texts


def _page(draw: object, *values: object, language: str = "en") -> str:
    sheet = Sheet(about(), language)
    sheet.add(lambda sheet: draw(sheet.ink, *values, p.LEFT, p.FIRST_LINE))  # type: ignore[operator]
    return " ".join(texts(sheet.write())[0].split())


def test_totals_of_stacked_bars_count_a_gap_as_nothing() -> None:
    assert BARS.totals[0] == 62_000_000
    assert BARS.totals[-1] == 46_000_000


def test_stacked_bars_show_first_and_last_total_every_name_and_every_event() -> None:
    page = _page(drawing.draw_stacked_bars, BARS)
    assert all(
        word in page
        for word in ("62", "46", "Russia", "China", "United States", "designation", "vowed", "SYNTHETIC")
    )


def test_a_series_whose_last_value_is_not_known_says_unknown_not_zero() -> None:
    gap = replace(BARS, series=(c.Series("Kazakhstan", "t2", (*[1_000_000] * 5, None)),), events=())
    assert "Kazakhstan unknown" in _page(drawing.draw_stacked_bars, gap)


def test_a_waterfall_knows_where_each_bar_stands() -> None:
    assert MONEY.levels[0] == (0, 21_587_500_00)
    assert MONEY.levels[1] == (17_746_195_00, 21_587_500_00)
    assert MONEY.levels[3] == (16_245_126_76, 17_746_195_00)
    assert MONEY.mismatches == ()


def test_a_subtotal_that_is_not_the_sum_of_its_steps_is_named() -> None:
    wrong = replace(MONEY, steps=(*MONEY.steps[:-1], c.Step("Paid out", 1, "end")))
    assert wrong.mismatches == ("Paid out",)


def test_a_waterfall_prints_each_amount_to_the_cent() -> None:
    page = _page(drawing.draw_waterfall, MONEY)
    assert all(
        amount in page for amount in ("21,587,500.00", "−3,841,305.00", "−1,501,068.24", "16,245,126.76")
    )


def test_a_torn_axis_is_named_and_an_untorn_one_is_not() -> None:
    small = c.Waterfall("Small", "USD", (c.Step("Sale", 1_000_00, "start"), c.Step("Fee", -50_00, "cost")))
    large = c.Waterfall("Large", "USD", (c.Step("Sale", 1_000_00, "start"), c.Step("Fee", -700_00, "cost")))
    assert "torn" in _page(drawing.draw_waterfall, small)
    assert "torn" not in _page(drawing.draw_waterfall, large)


def test_headroom_is_negative_where_contracts_exceed_what_is_energized() -> None:
    assert [site.headroom_w for site in SITES] == [10_000_000, -3_000_000, 0]
    page = _page(drawing.draw_bullets, SITES)
    assert "−3.0" in page


def test_a_site_whose_draw_is_not_known_says_so() -> None:
    page = _page(drawing.draw_bullets, SITES[2:])
    assert "unknown" in page
    assert "held" in page


def test_a_standing_bar_prints_every_part_even_the_thin_ones() -> None:
    page = _page(drawing.draw_standing_bar, STANDING)
    assert STANDING.total == 212_000_000
    for part in STANDING.parts:
        assert part.label in page
        assert f"{part.value // 1_000_000}.0" in page


def test_lanes_count_papers_by_day() -> None:
    assert LANES.count(None, -1) == 2
    assert LANES.count(0, 30) == 1
    assert LANES.count(31, 90) == 3
    assert LANES.count(366, None) == 1


def test_papers_beyond_the_axis_are_told_in_words() -> None:
    page = _page(drawing.draw_lanes, LANES)
    assert "3 overdue or within 30 days" in page
    assert "1 later than this axis" in page


def test_an_unknown_share_is_a_word() -> None:
    shares = c.Shares("Fleet", "fleet", "world", (c.Share("Ireland", None, 470), c.Share("Iran", 100, None)))
    page = _page(drawing.draw_shares, shares)
    assert "unknown" in page
    assert "4.7" in page


@pytest.mark.parametrize(
    ("bps", "words"), [(3540, "35.4"), (955, "9.55"), (470, "4.7"), (0, "0"), (10_000, "100"), (1000, "10")]
)
def test_a_share_has_no_more_decimals_than_it_needs(bps: int, words: str) -> None:
    assert short_share(bps) == words


def test_steps_are_round_and_few() -> None:
    assert steps(212) == [0, 50, 100, 150, 200]
    assert steps(3) == [0, 1, 2, 3]
    assert steps(0) == [0]


def test_labels_are_moved_apart() -> None:
    assert spread([10, 12, 60], 21) == [10, 31, 60]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_time_runs_left_to_right_in_every_language(language: str) -> None:
    """The first year of the axis stands left of the last in the drawing operators of the page."""
    sheet = Sheet(about(), language)
    places: list[tuple[float, str]] = []
    write = sheet.ink._write

    def note(left: float, y: float, line: object, *rest: object) -> None:
        places.append((left, line.runs[0].text if line.runs else ""))  # type: ignore[attr-defined]
        write(left, y, line, *rest)  # type: ignore[arg-type]

    sheet.ink._write = note  # type: ignore[method-assign,assignment]
    drawing.draw_stacked_bars(sheet.ink, BARS, p.LEFT, p.FIRST_LINE)
    at = {text: left for left, text in places}
    assert at["2021"] < at["2022"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_drawn_outside_the_margins(language: str) -> None:
    sheet = everything(language)
    outside: list[str] = []
    write = sheet.ink._write

    def note(left: float, y: float, line: object, size: float, *rest: object) -> None:
        right = left + line.width * size  # type: ignore[attr-defined]
        if left < p.MARGIN - 6 or right > p.PAGE_WIDTH - p.MARGIN + 6:
            outside.append(f"{line.runs[0].text} {left:.0f}..{right:.0f}")  # type: ignore[attr-defined]
        write(left, y, line, size, *rest)  # type: ignore[arg-type]

    sheet.ink._write = note  # type: ignore[method-assign,assignment]
    sheet.write()
    assert outside == []
