"""The check page in a real browser: it computes, it notices a changed cent, and nothing calls outside."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import reverse

from tests.hosting.portal_story import Story, held_log_in, sell, state, tell

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium found to open the portal in"),
]


@pytest.fixture
def story(transactional_db, cast) -> Story:
    story = tell(cast.finance, cast.customer, cast.outsider, held_log_in())
    sell(story, cast.finance, cast.approver, cast.compliance_officer)
    state(story, cast.finance, cast.compliance_officer)
    return story


@pytest.fixture
def tab(story, live_server, as_user, monkeypatch) -> Iterator[object]:
    """A browser tab with Dana's session; what it complains about is in `complaints`."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which the database layer would take for an async view.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    name = settings.SESSION_COOKIE_NAME
    session = as_user(story.customer).cookies[name].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
        yield page
        browser.close()


def told(tab) -> str:
    """The one sentence of the check that is visible."""
    return tab.locator("[data-told]:visible").inner_text()


def test_the_browser_finds_the_root_and_notices_a_changed_cent(story, live_server, tab):
    tab.goto(live_server.url + reverse("portal:check", args=[story.share(story.amber).pk]))
    tab.wait_for_selector("[data-told=match]:visible")
    assert told(tab).startswith("It matches.")
    assert tab.locator("[data-joined]").last.inner_text() == story.case.proof_root
    line = tab.locator("#line").input_value()
    tab.locator("#line").fill(line.replace('"amount_cents":1', '"amount_cents":2'))
    tab.wait_for_selector("[data-told=differs]:visible")
    tab.locator("#line").fill(line)
    tab.wait_for_selector("[data-told=match]:visible")
    tab.locator("#root").fill("0" * 64)
    tab.wait_for_selector("[data-told=differs]:visible")
    assert tab.complaints == []


def test_no_page_scrolls_sideways_on_a_phone_or_breaks_the_policy(story, live_server, tab):
    tab.set_viewport_size({"width": 390, "height": 844})
    share = story.share(story.amber)
    keys = {"miner": story.mine[0].pk, "case": story.case.number, "check": share.pk}
    places = ("home", "miners", "liquidation", "papers", "account", *keys)
    for place in places:
        tab.goto(live_server.url + reverse(f"portal:{place}", args=[keys[place]] if place in keys else []))
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, place
    assert tab.complaints == []
