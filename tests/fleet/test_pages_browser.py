"""The pages of workshop, racks, power, imports and exports in a real browser, as who uses them sees them."""

import os
from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from fleet.imports.models import ImportBatch
from fleet.imports.tables import drop_tables
from fleet.imports.verbs import plan, receive
from fleet.miners.models import Miner
from fleet.miners.verbs import choose, fit_part, place_hold, register_miner, set_status, stock_part
from fleet.queries.verbs import ask_export, save_filter
from fleet.sites.models import Building, PowerFeed
from fleet.workshop import verbs
from fleet.workshop.shipping import Shipment
from kit.jobs.models import Job
from kit.jobs.verbs import run
from tests.compliance.test_operator_browser import CHROMIUM, Tab
from tests.fleet.conftest import LONG_AGO

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium found to open the fleet's pages in"),
]
ENTRIES = ["ticket", "spare", "shipment", "detention", "movehold", "rack", "importbatch"]
LISTS = [*ENTRIES, "swap", "powerfeed", "building", "export", "miner"]


@pytest.fixture
def worked(transactional_db, cast, fleet, monkeypatch) -> Iterator[dict[str, str]]:
    """A small fleet in the middle of its work, and the addresses of what there is to see."""
    monkeypatch.setattr("kit.jobs.verbs.ring", lambda job_id: None)
    feed = PowerFeed.objects.create(site=fleet.bratsk, name="T1", nameplate_w=1_000_000)
    Building.objects.update(feed=feed)
    miners = [
        register_miner(
            f"SN-{n}", fleet.s19, site=fleet.bratsk, slot=slot, status="energized", at=LONG_AGO, by=None
        )
        for n, slot in enumerate(fleet.slots[:6])
    ]
    for miner, status in zip(miners, ("mining", "low", "offline", "offline"), strict=False):
        set_status([miner.pk], status, by=None)
    fit_part(miners[0], "hashboard", "HB-1", by=None)
    stock_part("hashboard", "HB-2", fleet.bratsk, by=None)
    ticket = verbs.open_ticket(miners[0], "board_missing", text="two of three", by=cast.technician)
    verbs.take_ticket(ticket, by=cast.technician)
    verbs.swap_part(ticket, "hashboard", old="HB-1", new="HB-2", worker="Rig Works", by=cast.technician)
    given = {"from_site": fleet.bratsk, "to_site": fleet.pecos, "by": cast.fleet_manager}
    held = verbs.plan_shipment("S-1", "export", miners=[miners[2].pk], **given)
    sent = verbs.plan_shipment("S-2", "export", miners=[miners[3].pk], **given)
    run(verbs.send_soon(sent, by=cast.technician).pk)
    sent.refresh_from_db()
    verbs.attach_paper(sent, "invoice", "invoice.pdf", b"%PDF", media_type="application/pdf", by=None)
    detention = verbs.open_detention(sent, port="LA", presented_on=date(2024, 11, 20), agency="FCC", by=None)
    place_hold(miners[2], reason="claimed by two owners", by=cast.fleet_manager)
    lines = b"serial,model,site\nsn-1,Antminer S19,bratsk\nsn-90,Antminer S19,bratsk\nsn-91,S99,x\n"
    batch = plan(receive("miners.csv", [lines], by=None), by=cast.fleet_manager)
    export = ask_export("miners", "", "csv", by=cast.fleet_manager)
    run(export.job_id)
    save_filter("miners", "all at Bratsk", "site=bratsk", by=cast.fleet_manager)
    choice = choose(Miner.objects.filter(status="offline"), by=cast.fleet_manager)
    rows = {"ticket": ticket, "shipment": held, "detention": detention, "importbatch": batch}
    yield {
        **{f"{noun} list": reverse(f"admin:fleet_{noun}_changelist") for noun in LISTS},
        **{f"{noun} entry": reverse(f"admin:fleet_{noun}_add") for noun in ENTRIES},
        **{noun: reverse(f"admin:fleet_{noun}_change", args=[row.pk]) for noun, row in rows.items()},
        "shipment on its way": reverse("admin:fleet_shipment_change", args=[sent.pk]),
        "chosen miners": reverse("admin:fleet_miner_chosen", args=[choice.pk, "move"]),
        "rack": reverse("operator:rack", args=[fleet.slots[0].rack_id]),
        "site": reverse("operator:site", args=["bratsk"]),
        "power": reverse("operator:site_power", args=["bratsk"]),
        "job": reverse("operator:job", args=[export.job_id]),
    }
    for planned in ImportBatch.objects.all():
        drop_tables(planned)  # the suite empties tables of models; those of a plan are none


OURS = ["ticket", "shipment", "shipment on its way", "importbatch", "importbatch entry"]
OURS += ["chosen miners", "rack", "site", "power", "job"]


@pytest.fixture
def tab(worked, cast, live_server, as_user, monkeypatch) -> Iterator[Tab]:
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which the database layer would take for an async view.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    name = settings.SESSION_COOKIE_NAME
    session = as_user(cast.fleet_manager).cookies[name].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        tab = Tab(context.new_page())
        tab.page.on("console", lambda it: tab.complaints.append(it.text) if it.type == "error" else None)
        tab.page.on("pageerror", lambda fault: tab.complaints.append(str(fault)))
        ours = (live_server.url, "data:", "blob:")
        tab.page.on("request", lambda it: None if it.url.startswith(ours) else tab.outside.append(it.url))
        yield tab
        browser.close()


def test_every_page_is_quiet_keeps_to_itself_and_fits_a_phone(tab, worked, live_server):
    for name, path in worked.items():
        tab.page.set_viewport_size({"width": 1280, "height": 860})
        assert tab.page.goto(live_server.url + path).status == 200, name
        tab.page.wait_for_load_state("networkidle")
        assert (tab.complaints, tab.outside) == ([], []), name
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 1280, name
        tab.page.set_viewport_size({"width": 390, "height": 844})
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390, name


def test_our_own_pages_have_no_grave_barrier_in_either_light(tab, worked, live_server):
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)
        for name in OURS:
            tab.page.goto(live_server.url + worked[name])
            tab.page.wait_for_load_state("networkidle")
            found = Axe().run(tab.page, context=".ph-page").response["violations"]
            grave = [
                f"{one['id']}: {one['help']}: {one['nodes'][0]['html']}"
                for one in found
                if one["impact"] in ("serious", "critical")
            ]
            assert grave == [], (name, scheme)


def test_a_field_of_an_entry_form_can_be_seen(tab, worked, live_server):
    for noun in ENTRIES[:-1]:
        tab.page.goto(live_server.url + worked[f"{noun} entry"])
        fields = tab.page.locator(
            "form :is(input[type=text], input[type=number], select, textarea):not(.select2-hidden-accessible)"
        )
        for field in [one for one in fields.all() if one.is_visible()]:
            drawn = field.evaluate("it => parseFloat(getComputedStyle(it).borderTopWidth)")
            assert drawn > 0, (noun, field.get_attribute("name"))


def test_a_shipment_is_received_by_a_click_and_its_page_says_when_it_is_done(tab, worked, live_server, cast):
    verbs.end_detention(
        Shipment.objects.get(number="S-2").detentions.get(), "released", on=date(2024, 11, 21), by=None
    )
    page = tab.page
    page.goto(live_server.url + worked["shipment on its way"])
    page.get_by_role("button", name="Receive").click()
    page.locator(".ph-page").get_by_role("button", name="Receive").click()
    page.get_by_text("Waits for the job below.").wait_for()
    run(Shipment.objects.get(number="S-2").job_id)
    page.locator(".head .st", has_text="received").wait_for(timeout=15_000)
    assert tab.complaints == []


def test_a_held_shipment_names_the_machine_and_offers_no_sending(tab, worked, live_server):
    tab.page.goto(live_server.url + worked["shipment"])
    assert "SN-2: claimed by two owners" in tab.page.locator(".note.blocked").inner_text()
    assert tab.page.get_by_role("button", name="Send").get_attribute("aria-disabled") == "true"


def test_a_rack_is_told_in_words_and_in_shapes(tab, worked, live_server):
    tab.page.goto(live_server.url + worked["rack"])
    drawing = tab.page.locator(".racks svg")
    assert drawing.get_attribute("aria-label") == "R1: 1 low, 1 offline, 1 in repair, 1 free"
    shapes = drawing.locator("g > *:not(title)")
    assert len({shape.get_attribute("class") for shape in shapes.all()}) >= 3
    assert "SN-1, low" in drawing.locator("title").all_text_contents()[1]


def test_a_file_is_chosen_without_a_complaint_and_its_plan_is_shown(tab, worked, live_server):
    page = tab.page
    page.goto(live_server.url + worked["importbatch entry"])
    lines = b"serial,model,site\nsn-2,Antminer S19,bratsk\n"
    page.set_input_files("input[type=file]", {"name": "two.csv", "mimeType": "text/csv", "buffer": lines})
    page.get_by_role("button", name="Show what would change").click()
    page.locator("h1", has_text="two.csv").last.wait_for()
    assert page.locator(".kpi", has_text="The same").inner_text().split() == ["The", "same", "1"]
    assert page.get_by_role("link", name="Imports").count() > 0
    assert tab.complaints == []


def test_chosen_miners_are_seen_changed_by_a_job_and_gone_back_from(tab, worked, live_server):
    tab.page.goto(live_server.url + worked["chosen miners"].replace("/move/", "/set_state/"))
    tab.page.select_option("select[name=status]", "mining")
    tab.page.click("button.first")
    tab.page.wait_for_selector("#job-progress")
    job = Job.objects.latest("pk")
    run(job.pk)
    tab.page.wait_for_selector("text=Set to “mining”: 1 of 1 miners.")
    tab.page.click("text=Back to the list")
    tab.page.wait_for_selector("#result_list")
    assert (tab.complaints, tab.outside) == ([], [])
