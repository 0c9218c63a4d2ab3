"""Components: every one renders, also when nothing is known, and none carries a style of its own."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from kit import charts, units
from kit.look import areas, samples, svg, unfold, values, waterfall
from kit.look.states import STATES, TABLE, rank, state_of

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2022, 6, 17)
FORBIDDEN_WORDS = (
    "illegal",
    "prohibited",
    "violation",
    "clean",
    "compliant",
    "suspicious",
    "warning",
    "danger",
)


def render(markup: str, **context: Any) -> str:
    return Template("{% load look %}" + markup).render(Context(context))


def guide_body() -> str:
    return render_to_string("ph/guide_body.html", samples.guide())


class Balance(HTMLParser):
    """Notes every tag that is closed out of order or left open."""

    VOID = frozenset({"input", "br", "img", "link", "meta", "rect", "line", "circle", "path", "use"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"{tag} at {self.getpos()}")


# ---- states


@pytest.mark.parametrize("kind", STATES)
def test_a_state_is_a_shape_and_a_word(kind: str) -> None:
    shown = render("{% state kind %}", kind=kind)
    assert f"#{STATES[kind].shape}" in shown
    assert str(STATES[kind].word) in shown


def test_a_state_shown_as_shape_alone_keeps_its_word_for_screen_readers() -> None:
    assert '<span class="sr">Blocked pending counsel</span>' in render('{% state "blocked" form="shape" %}')


def test_a_state_not_given_is_unknown() -> None:
    assert "Unknown" in render("{% state kind %}", kind=None)


def test_a_state_outside_the_table_is_refused() -> None:
    with pytest.raises(LookupError, match="not in the table"):
        state_of("illegal")


def test_the_table_runs_from_worst_to_best() -> None:
    assert [rank(kind) for kind in ("blocked", "review", "watch", "unknown", "fine")] == [0, 1, 2, 3, 4]


def test_every_shape_of_the_table_is_in_the_sprite() -> None:
    sprite = render_to_string("ph/sprite.html")
    for state in TABLE:
        assert f'id="{state.shape}"' in sprite


def test_no_state_word_is_a_verdict() -> None:
    said = " ".join(f"{state.word} {state.short}" for state in TABLE).lower()
    assert not [word for word in FORBIDDEN_WORDS if word in said]


def test_state_words_are_written_nowhere_but_in_the_table() -> None:
    """Templates and code of the look take the words from the table; the samples quote them as headings."""
    own = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "kit" / "look").glob("*.py")]
    allowed = {"states.py", "samples.py", "guide_body.html"}
    for path in own:
        if path.name not in allowed and ("ph" in path.parts or "look" in path.parts):
            assert "Blocked pending" not in path.read_text(), path
            assert "No open finding" not in path.read_text(), path


# ---- numbers in a page


def test_a_number_sets_its_unit_apart() -> None:
    shown = render('{% num 12000000 "power" %}')
    assert shown == f'<span class="num"><bdi>12.00{units.THIN}<span class="u">MW</span></bdi></span>'


def test_a_number_with_an_address_is_a_door() -> None:
    shown = render("{% num 3777 url=door %}", door="/miners/?a=1&b=2")
    assert shown.startswith('<a class="lnk" href="/miners/?a=1&amp;b=2">')


def test_money_sets_its_cents_smaller() -> None:
    assert '19,374<span class="cents">.21</span>' in render('{% money 1937421 "USD" %}')


@pytest.mark.parametrize(
    "markup",
    [
        *(f'{{% num nothing "{kind}" %}}' for kind in ("count", "power", "megawatts", "energy", "hashrate")),
        *(f'{{% num nothing "{kind}" %}}' for kind in ("efficiency", "percent", "bitcoin")),
        '{% money nothing "USD" %}',
        '{% millions nothing "USD" %}',
        "{% hashrate nothing %}",
        "{% share nothing 4 %}",
        "{% share 1 0 %}",
        "{% when nothing %}",
        "{% digest nothing %}",
    ],
)
def test_what_is_not_known_is_the_word_not_a_dash(markup: str) -> None:
    with translation.override("en"):
        assert "unknown" in render(markup, nothing=None)


def test_a_measure_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LookupError, match="Nothing measures"):
        render('{% num 1 "furlongs" %}')


def test_what_people_typed_is_escaped_everywhere() -> None:
    evil = "<script>x</script>"
    bullet = replace(samples.site_lines()[0].bullet, label=evil)
    track = values.Track(evil, (values.Mark(TODAY, "stay", label=evil),))
    shown = render(
        "{% capacity bullet %}{% lane track axis %}{% state 'review' evil %}{% digest evil %}"
        "{% card evil q=evil %}{{ evil }}{% endcard %}{% slots map %}{% stacked chart %}",
        bullet=bullet,
        track=track,
        axis=values.Axis(TODAY),
        evil=evil,
        map=values.SlotMap(evil, (values.Rack(evil, ("free",), "javascript:x"),)),
        chart=replace(samples.territory(), title=evil, labels=(evil, *[""] * 17)),
    )
    assert "<script" not in shown


# ---- every component


def test_the_guide_shows_every_component_with_balanced_markup() -> None:
    body = guide_body()
    balance = Balance()
    balance.feed(body)
    assert not balance.wrong
    assert not balance.open
    tags = set(engines["django"].engine.template_libraries["look"].tags)
    guide = (ROOT / "templates" / "ph" / "guide_body.html").read_text()
    guide += (ROOT / "templates" / "ph" / "guide.html").read_text()
    inner = "".join(path.read_text() for path in (ROOT / "templates" / "ph").glob("*.html"))
    # `sheets` stands in the head of the portal; what components use themselves counts as shown.
    assert not [tag for tag in tags - {"sheets"} if f"{{% {tag} " not in guide + inner]


def test_no_page_carries_a_style_or_a_script_of_its_own() -> None:
    body = guide_body()
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", body)
    for folder in ("ph", "portal"):
        for path in (ROOT / "templates" / folder).rglob("*.html"):
            text = path.read_text()
            assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text), path.name
            assert not re.search(r"<script(?![^>]*\ssrc=)", text), path.name


def test_every_drawing_says_a_sentence_or_is_silent() -> None:
    for tag in re.findall(r"<svg[^>]*>", str(guide_body())):
        is_part = "preserveAspectRatio" in tag or re.search(r'<svg x="', tag)
        is_key = re.search(r'^<svg width="22"', tag)
        assert is_part or is_key or "aria-hidden" in tag or ('role="img"' in tag and 'aria-label="' in tag), (
            tag
        )


@pytest.mark.parametrize(
    ("markup", "context"),
    [
        ("{% capacity_table lines total_label='None' %}", {"lines": []}),
        ("{% stacked value %}", {"value": charts.StackedBars("t", "MW", (), ())}),
        ("{% waterfall value %}", {"value": charts.Waterfall("t", "USD", ())}),
        ("{% matrix value %}", {"value": values.Heat("Part", ("China",), ())}),
        ("{% matrix value %}", {"value": charts.Matrix("Model", (), (), ())}),
        ("{% lanes value %}", {"value": charts.Lanes("Papers", TODAY, ())}),
        ("{% slots value %}", {"value": values.SlotMap("B1", ())}),
        ("{% columns value %}", {"value": values.Columns("Score", ())}),
        ("{% ticks value %}", {"value": charts.Ticks("Daily", ())}),
        ("{% standing value %}", {"value": charts.StandingBar("All", "MW", ())}),
        ("{% shares value %}", {"value": charts.Shares("t", "a", "b", (charts.Share("x", None),))}),
        ("{% counts value %}", {"value": values.CountGrid("S", ("a",), (values.CountRow("fine", (0,)),))}),
        ("{% day_line value %}", {"value": values.DayLine("t", TODAY, TODAY, (), TODAY)}),
        ("{% gates value %}", {"value": []}),
        ("{% timeline value %}", {"value": [values.Gate("Notice", "later")]}),
        ("{% kpis value %}", {"value": [values.Kpi("Drawn", None)]}),
        ("{% job value %}", {"value": values.JobLine("Import", "queued")}),
        ("{% proof value %}", {"value": values.Proof("", (), "", 0, "USD")}),
        ("{% asof value %}", {"value": None}),
        ("{% pager %}", {}),
        ("{% bar value 0 %}", {"value": None}),
        ("{% lane value axis %}", {"value": values.Track("W-1"), "axis": values.Axis(TODAY)}),
    ],
)
def test_a_component_renders_when_there_is_nothing_or_nothing_is_known(
    markup: str, context: dict[str, Any]
) -> None:
    shown = render(markup, **context)
    assert shown.strip()
    assert "None" not in re.sub(r"total_label|>None<", "", shown)
    assert "nan" not in shown.lower().replace("tenan", "")


# ---- charts say what the figures say


def test_drawn_power_that_is_not_known_is_hatched() -> None:
    known = samples.site_lines()[0].bullet
    assert 'class="f-drawn"' in render("{% capacity site %}", site=known)
    hatched = render("{% capacity site %}", site=replace(known, drawn_w=None))
    assert 'class="f-drawn"' not in hatched
    assert "url(#ph-unk)" in hatched
    assert "drawn unknown" in hatched


def test_over_commitment_is_hatched_and_said_with_a_minus() -> None:
    line = next(line for line in samples.site_lines() if line.bullet.headroom_w < 0)
    shown = render("{% capacity_table lines %}", lines=[line])
    assert "url(#ph-over)" in shown
    assert f"{units.MINUS}2.5" in shown


def test_the_total_of_sites_counts_what_is_unknown() -> None:
    with translation.override("en"):
        shown = render("{% capacity_table lines total_label='Five sites' %}", lines=samples.site_lines())
    assert "132.1" in shown
    assert "1 unknown" in shown


def test_a_missing_period_breaks_a_series_and_is_hatched() -> None:
    row = charts.Series("A", "t1", (10, None, 10))
    chart = charts.StackedBars("t", "MW", ("a", "b", "c"), (row,))
    assert len(areas.outlines(areas.layers_of(chart)[0], 11)) == 2
    assert "url(#ph-unk)" in areas.stacked(chart)


def test_labels_at_the_right_end_do_not_cover_each_other() -> None:
    rows = tuple(charts.Series(f"S{number}", "t1", (1, 1), "note") for number in range(6))
    chart = charts.StackedBars("t", "MW", ("a", "b"), (*rows, charts.Series("Big", "t2", (500, 500))))
    heights = sorted(y for y, _ in areas.end_places(areas.layers_of(chart), 520))
    assert all(below - above >= 10 for above, below in pairwise(heights))
    assert max(heights) <= areas.HEIGHT + areas.FOOT


def test_a_waterfall_breaks_its_axis_only_when_steps_would_be_hairlines() -> None:
    assert waterfall.axis_floor(samples.money_steps()) > 0
    step = charts.Step
    wide = charts.Waterfall(
        "t", "USD", (step("a", 100, "start"), step("b", -70, "cost"), step("c", 30, "end"))
    )
    assert waterfall.axis_floor(wide) == 0
    assert not wide.mismatches
    assert not samples.money_steps().mismatches


def test_a_broken_axis_is_torn_and_named() -> None:
    with translation.override("en"):
        shown = render("{% waterfall value %}", value=samples.money_steps())
    assert "f-brk" in shown
    assert "axis broken" in shown


def test_bars_of_a_waterfall_stay_inside_their_column() -> None:
    for row in waterfall.waterfall_rows(samples.money_steps()):
        for x, width in re.findall(r'<rect x="([\d.]+)%" y="5" width="([\d.]+)%"', row.bar):
            assert 0 <= float(x) <= float(x) + float(width) <= 100.3


def test_the_column_of_what_is_not_known_is_hatched_never_heated() -> None:
    shown = render("{% matrix value %}", value=samples.origin())
    assert 'class="cell hatch"' in shown
    assert not re.search(r'class="cell h\d[^"]*">[^/]*12,167', shown)


def test_a_running_job_asks_for_itself_and_a_finished_one_does_not() -> None:
    running = values.JobLine("Statements", "running", 1, 2, poll_url="/jobs/1/row/")
    assert 'hx-trigger="every 2s"' in render("{% job line %}", line=running)
    assert "hx-get" not in render("{% job line %}", line=replace(running, standing="done"))


def test_a_tone_without_a_meaning_is_refused() -> None:
    with pytest.raises(LookupError, match="no meaning"):
        svg.paint("#ff0000")


@pytest.mark.parametrize("top", [0, 0.4, 1, 7, 23, 190, 2_500, 99_999])
def test_an_axis_has_few_round_lines(top: float) -> None:
    ticks = svg.nice_ticks(top)
    assert ticks[0] == 0
    assert len(ticks) <= 8
    assert ticks[-1] <= max(top, 0)


# ---- frames


def test_the_as_of_control_keeps_the_other_parameters() -> None:
    request = RequestFactory().get("/exposure/", {"as_of": "2022-04-19", "kind": "territory"})
    shown = render("{% asof on %}", on=date(2022, 4, 20), request=request)
    assert '<input type="hidden" name="kind" value="territory">' in shown
    assert 'name="as_of" value="2022-04-20"' in shown
    assert "2022-04-19" not in shown


def portal(language: str) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    items = [values.NavItem("Home", "/", "i-home", True), values.NavItem("Miners", "/miners/", "i-chip")]
    with translation.override(language):
        context = {"brand": values.Brand("Northline"), "portal_nav": items, "title": "Home"}
        return render_to_string("portal/base.html", context, request)


def test_the_portal_follows_the_direction_of_the_language() -> None:
    assert 'dir="rtl"' in portal("ar")
    assert 'dir="ltr"' in portal("en")


def test_the_portal_shows_the_brand_and_marks_the_current_place() -> None:
    page = portal("en")
    assert "Northline" in page
    assert page.count('aria-current="page"') == 2
    assert not re.search(r"\sstyle=|<style|https?://", page)


def test_a_page_of_ours_stands_inside_the_operators_frame(cast: Any) -> None:
    request = RequestFactory().get("/")
    request.user = cast.admin
    context = {**admin.site.each_context(request), **samples.guide(), "title": "Style guide"}
    page = render_to_string("ph/guide.html", context, request)
    ours = page[page.index('<div class="ph ph-page"') :]
    assert ours.index('id="s-blocked"') < ours.index("<h1>")
    for sheet in unfold.SHEETS:
        assert Path(sheet).stem in page[: page.index("<body")]


def test_right_to_left_needs_no_second_sheet() -> None:
    """Physical sides would need mirroring; the sheets know only logical ones."""
    physical = re.compile(r"(?<![\w-])(margin|padding|border)-(left|right)|(?<![\w-])(left|right)\s*:|float:")
    for path in (ROOT / "kit" / "static" / "pithead").glob("*.css"):
        assert not physical.search(path.read_text()), path.name


def test_every_sheet_and_script_of_the_frame_exists() -> None:
    static = ROOT / "kit" / "static"
    for path in unfold.PORTAL_SHEETS:
        assert (static / path).is_file()
    assert len(unfold.UNFOLD["STYLES"]) == len(unfold.SHEETS)
    assert (static / "pithead" / "pithead.js").is_file()


def test_symbols_used_by_templates_are_in_the_sprite() -> None:
    sprite = render_to_string("ph/sprite.html")
    for path in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text()):
            assert f'id="{name}"' in sprite, (path.name, name)
