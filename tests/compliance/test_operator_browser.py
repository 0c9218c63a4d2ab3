"""The operator's pages in a real browser: none complains, calls outside, or scrolls sideways."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from compliance.scenarios.verbs import load_seeds

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium found to open the operator's pages in"),
]
PAGES = (
    "/admin/?as_of=2022-06-17",
    "/admin/exposure/?as_of=2022-04-19",
    "/admin/exposure/?as_of=2022-04-20",
    "/admin/sites/siberia/?as_of=2022-04-20",
    "/admin/workforce/",
    "/admin/origin/",
    "/admin/checklists/",
    "/admin/fleet/miner/",
    "/admin/fleet/importbatch/",
    "/admin/compliance/finding/",
    "/admin/compliance/report/",
    "/admin/guide/",
    "/api/docs/",
)


@dataclass
class Tab:
    """A browser tab with what it complained about and what it asked of other hosts."""

    page: object
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@pytest.fixture
def tab(transactional_db, cast, live_server, as_user, monkeypatch) -> Iterator[Tab]:
    from playwright.sync_api import sync_playwright

    load_seeds(["compass-siberia-2022"])
    # Playwright keeps an event loop in this thread, which the database layer would take for an async view.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    name = settings.SESSION_COOKIE_NAME
    session = as_user(cast.compliance_officer).cookies[name].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page = context.new_page()
        tab = Tab(page)
        page.on("console", lambda said: tab.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: tab.complaints.append(str(fault)))
        ours = (live_server.url, "data:", "blob:")
        page.on("request", lambda it: None if it.url.startswith(ours) else tab.outside.append(it.url))
        yield tab
        browser.close()


def test_every_page_is_quiet_and_keeps_to_itself(tab, live_server):
    for path in PAGES:
        assert tab.page.goto(live_server.url + path).status == 200, path
        tab.page.wait_for_load_state("networkidle")
        assert tab.complaints == [], path
        assert tab.outside == [], path


def test_no_own_page_scrolls_sideways_on_a_phone(tab, live_server):
    tab.page.set_viewport_size({"width": 390, "height": 844})
    for path in PAGES[:7]:
        tab.page.goto(live_server.url + path)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_our_own_part_of_a_page_has_no_grave_barrier(tab, live_server):
    for path in PAGES[:7]:
        tab.page.goto(live_server.url + path)
        tab.page.wait_for_load_state("networkidle")
        found = Axe().run(tab.page, context=".ph-page").response["violations"]
        grave = [
            f"{one['id']}: {one['help']}: {one['nodes'][0]['html']}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert grave == [], path


def test_the_nineteenth_and_the_twentieth_are_one_click_apart(tab, live_server):
    tab.page.goto(live_server.url + "/admin/exposure/?as_of=2022-04-19")
    reasons = tab.page.locator("section.card", has_text="What was found")
    assert "BitRiver" not in reasons.inner_text()
    tab.page.get_by_role("link", name="20 Apr 2022").first.click()
    tab.page.wait_for_load_state("networkidle")
    assert "as_of=2022-04-20" in tab.page.url
    assert "BitRiver" in reasons.inner_text()
