"""The customer's pages: what they show, in how many queries, and what they say while there is nothing."""

import hashlib
import re
from datetime import date
from fractions import Fraction
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fleet.miners.models import Miner, MinerStatus, Owner
from fleet.miners.verbs import move_miners, place_hold, register_miner, transfer_ownership
from hosting.contracts.verbs import add_member
from hosting.liquidation import verbs
from hosting.liquidation.report import Builder
from hosting.parties.verbs import NewParty, register_party
from hosting.portal.agreements import rate_of
from hosting.portal.machines import machine_of, machines_of
from hosting.portal.reckoning import checked_lines
from hosting.portal.scope import customer_of
from kit.units import money
from tests.hosting.portal_story import SPRING, Story, held_log_in, sell, state, tell

QUERIES = 12
PLACES = ("home", "miners", "liquidation", "papers", "account")


@pytest.fixture
def begun(cast) -> Story:
    return tell(cast.finance, cast.customer, cast.outsider, held_log_in())


@pytest.fixture
def stated(begun: Story, cast) -> Story:
    sell(begun, cast.finance, cast.approver, cast.compliance_officer)
    state(begun, cast.finance, cast.compliance_officer)
    return begun


def words(response) -> str:
    """What a page says, without its markup and in plain spaces."""
    text = re.sub(r"<(script|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    text = unescape(re.sub(r"<[^>]+>", "\n", text).replace("\u202f", "")).replace("\n.", ".")
    return re.sub(r"\s+", " ", text)


def addresses(story: Story, party) -> list[str]:
    share = story.share(party)
    named = [("case", story.case.number), ("check", share.pk)]
    return [reverse(f"portal:{name}") for name in PLACES] + [
        reverse(f"portal:{name}", args=[key]) for name, key in named
    ]


# ---- it works


def test_the_home_page_tells_what_happened_what_is_next_and_what_is_owed(stated, as_user):
    said = words(as_user(stated.customer).get(reverse("portal:home")))
    assert "Your 3 machines at Bratsk were sold where they stood on 30 May 2022." in said
    assert "Payment waits for the approval of a second person." in said
    assert "Texas, United States, rack B2-1" in said
    assert "0.079 USD/kWh" in said.replace("0.079USD", "0.079 USD")
    assert "Statement LQ-2022-001-0001" in said


def test_an_owner_whose_machines_may_not_move_reads_so_without_the_reason(begun, as_user):
    said = words(as_user(begun.customer).get(reverse("portal:home")))
    assert "Your 3 machines at Bratsk cannot be moved." in said
    assert "Contact your host and give the number LQ-2022-001." in said
    assert "designation" not in said


def test_a_stop_without_a_case_is_told_with_its_place_and_day(begun, as_user, settings):
    settings.OPERATOR_CONTACT = "desk@host.example"
    place_hold(begun.mine[0], reason="secret enquiry", by=None, at=SPRING)
    said = words(as_user(begun.customer).get(reverse("portal:home")))
    assert "Machines of yours at Pyote cannot be moved since 14 Mar 2022." in said
    assert "Contact desk@host.example." in said
    assert "secret enquiry" not in said


def test_a_case_is_not_told_before_it_stops_the_machines(begun, cast, as_user):
    verbs.freeze_scope(
        verbs.open_case(
            number="LQ-9", title="Pyote", site=begun.pyote, as_of=date(2022, 4, 20), by=cast.finance
        ),
        by=cast.finance,
    )
    client = as_user(begun.customer)
    assert "LQ-9" not in words(client.get(reverse("portal:liquidation")))
    assert client.get(reverse("portal:case", args=["LQ-9"])).status_code == 404


def test_a_held_owner_reads_that_the_share_is_set_aside_and_never_why(stated, as_user):
    client = as_user(stated.held)
    home = words(client.get(reverse("portal:home")))
    assert "Your share is set aside. Contact your host and give the number LQ-2022-001-0003." in home
    for address in addresses(stated, stated.blocked):
        assert "matched on a list" not in client.get(address).content.decode()


def test_nobody_else_learns_that_a_share_was_set_aside(stated, as_user):
    client = as_user(stated.customer)
    for address in addresses(stated, stated.amber):
        assert "set aside" not in words(client.get(address)).lower()


def test_a_paid_share_says_when_it_was_paid(stated, cast, as_user):
    verbs.pay_out(
        stated.case, by=cast.approver, on_day=date(2022, 6, 24), method="bank transfer", evidence="order 1"
    )
    assert "Paid on 24 Jun 2022." in words(as_user(stated.customer).get(reverse("portal:home")))
    assert "Paid on" not in words(as_user(stated.held).get(reverse("portal:home")))


@pytest.mark.parametrize("owner", ["amber", "other", "blocked"])
def test_the_waterfall_ends_at_the_cents_of_the_statement(stated, owner):
    share = stated.share(getattr(stated, owner))
    user = {"amber": stated.customer, "other": stated.outsider, "blocked": stated.held}[owner]
    (line,) = checked_lines(customer_of(user), origin="https://portal.example")
    (value,) = Builder(stated.case).build([share], date(2022, 6, 17))
    steps, facts = line.waterfall.steps, value.facts
    assert line.waterfall.mismatches == ()
    assert steps[-1].amount_cents == value.amount_cents == share.amount_cents == line.amount_cents
    assert line.lines == facts.owners
    part = Fraction(value.weight, facts.total_weight)
    sums = (facts.gross_cents, -sum(one.amount_cents for one in facts.costs), -facts.reserves[0].amount_cents)
    for step, whole in zip(steps, sums, strict=False):
        assert abs(step.amount_cents - whole * part) < 1


def test_cents_that_do_not_divide_have_a_row_of_their_own(stated):
    cents = []
    for user in (stated.customer, stated.outsider, stated.held):
        (line,) = checked_lines(customer_of(user), origin="")
        cents.append([step.amount_cents for step in line.waterfall.steps if step.label == "Rounding"])
    assert cents == [[1], [], [-1]]


def test_the_check_pages_proof_verifies_with_nothing_but_sha256(stated, as_user):
    page = as_user(stated.customer).get(reverse("portal:check", args=[stated.share(stated.amber).pk]))
    html = page.content.decode()
    line = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.S)[1])
    steps = re.findall(r'data-side="([LR])" data-digest="([0-9a-f]{64})"', html)
    root = re.search(r'name="root"[^>]* value="([0-9a-f]{64})"', html)[1]

    def leads(text: str) -> bool:
        found = hashlib.sha256(b"\0" + text.encode()).digest()
        for side, digest in steps:
            beside = bytes.fromhex(digest)
            pair = beside + found if side == "L" else found + beside
            found = hashlib.sha256(b"\1" + pair).digest()
        return found.hex() == root

    assert steps
    assert root == stated.case.proof_root
    assert f'"amount_cents":{stated.share(stated.amber).amount_cents}' in line
    assert leads(line)
    assert not leads(line.replace('"amount_cents":1', '"amount_cents":2'))


def test_a_line_that_is_not_the_shares_does_not_hold(stated):
    (line,) = checked_lines(customer_of(stated.customer), origin="")
    assert line.holds
    (other,) = checked_lines(customer_of(stated.outsider), origin="")
    moved = {name: getattr(line, name) for name in type(line).__dataclass_fields__}
    assert not type(line)(**moved | {"leaf": other.leaf, "path": other.path}).holds
    assert not type(line)(**moved | {"leaf": ""}).holds


def test_a_statement_is_downloaded_as_it_was_kept(stated, as_user):
    statement = stated.share(stated.amber).statement
    answer = as_user(stated.customer).get(reverse("portal:paper", args=[statement.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="LQ-2022-001-0001.pdf"'
    assert hashlib.sha256(answer.content).hexdigest() == statement.document.sha256


def test_the_miner_page_tells_places_parts_and_contract(stated, as_user):
    client = as_user(stated.customer)
    said = words(client.get(reverse("portal:miner", args=[stated.mine[0].pk])))
    assert "CB-1 Unknown" in said
    assert "HB-1 Bitmain" in said
    assert "C-2022-0417" in said
    sold = words(client.get(reverse("portal:miner", args=[stated.mine[2].pk])))
    assert "Bratsk Irkutskaya oblast', Russian Federation 14 Mar 2022 8 Jun 2022" in sold


def test_a_machine_that_is_somebody_elses_by_now_shows_only_its_own_past(begun, as_user):
    """Sold outside a case it is gone; sold in a case it stays with the places it had until then."""
    gone, named = begun.mine[0], Owner.objects.get(number="OWN-0418")
    transfer_ownership([gone.pk], named, by=None, at=SPRING.replace(month=6))
    client = as_user(begun.customer)
    assert client.get(reverse("portal:miner", args=[gone.pk])).status_code == 404
    newer = words(as_user(begun.outsider).get(reverse("portal:miner", args=[gone.pk])))
    assert "14 Jun 2022" in newer
    assert "14 Mar 2022" not in newer
    place_hold(begun.bratsk, reason="x", by=None).delete()
    begun.bratsk.holds.all().delete()
    frozen = begun.mine[2]
    transfer_ownership([frozen.pk], named, by=None, at=SPRING.replace(month=6))
    move_miners([frozen.pk], begun.pyote, by=None, at=SPRING.replace(month=7))
    machine = machine_of(customer_of(begun.customer), frozen.pk)
    assert (machine.line.place, machine.line.kind, machine.line.until) == ("Bratsk", "out", date(2022, 6, 14))
    assert [stay.place for stay in machine.stays] == ["Bratsk"]
    assert machine.parts == ()


def test_a_log_in_for_two_customers_sees_both(stated, as_user):
    add_member(stated.customer, stated.other, by=None)
    said = words(as_user(stated.customer).get(reverse("portal:case", args=[stated.case.number])))
    assert "4 machines of yours" in said
    assert "LQ-2022-001-0001" in said
    assert "LQ-2022-001-0002" in said


# ---- lists


def fill(story: Story, count: int) -> None:
    model, owner = story.mine[0].model, story.mine[0].owner
    Miner.objects.bulk_create(
        Miner(
            serial=f"BULK{number:04d}",
            model=model,
            owner=owner,
            site=story.pyote,
            status=MinerStatus.MINING,
            power_w=3_050,
            ghs=100_000,
        )
        for number in range(count)
    )


def test_the_list_of_miners_goes_on_by_cursor_and_misses_none(begun, as_user):
    fill(begun, 120)
    client, address, seen = as_user(begun.customer), reverse("portal:miners"), []
    for _ in range(3):
        page = client.get(address).content.decode()
        seen += re.findall(r'<span class="sub mono"><bdi>(\w+)</bdi>', page)
        following = re.search(r'href="(\?after=\w+)" rel="next"', page)
        address = reverse("portal:miners") + (following[1] if following else "")
    assert following is None
    assert seen == sorted(set(seen))
    assert len(seen) == 125


def test_miners_are_found_by_a_piece_of_the_serial_in_any_case(begun, as_user):
    client = as_user(begun.customer)
    said = words(client.get(reverse("portal:miners"), {"serial": "jyzz"}))
    assert ("JYZZ02B8" in said, "SMTT11C0" in said) == (True, False)
    said = words(client.get(reverse("portal:miners"), {"serial": "OTHR"}))
    assert "None of your miners has “OTHR” in its serial." in said
    hostile = client.get(reverse("portal:miners"), {"serial": '"><script>', "after": "\x00%_"})
    assert hostile.status_code == 200
    assert "<SCRIPT>" not in hostile.content.decode()


def test_the_pages_of_the_list_keep_what_was_searched(begun):
    fill(begun, 60)
    mine = customer_of(begun.customer)
    first = machines_of(mine, fragment="bulk", rows=50)
    rest = machines_of(mine, fragment="bulk", after=first.next_after, rows=50)
    assert (len(first.lines), len(rest.lines), rest.next_after) == (50, 10, "")


# ---- nothing yet


def test_a_customer_with_nothing_reads_what_will_stand_where(cast, as_user):
    add_member(cast.customer, register_party(new=NewParty("P-9", "person", "Nina"), by=None), by=None)
    client = as_user(cast.customer)
    said = " ".join(words(client.get(reverse(f"portal:{place}"))) for place in PLACES)
    for sentence in (
        "No miners yet.",
        "No contract yet.",
        "No papers yet.",
        "None of your machines is part of a sale.",
    ):
        assert sentence in said
    assert "Rated hashrate" not in words(client.get(reverse("portal:home")))


def test_a_log_in_without_a_customer_reads_whom_to_ask(cast, as_user, settings):
    settings.OPERATOR_CONTACT = "desk@host.example"
    client = as_user(cast.customer)
    for place in PLACES[:-1]:
        said = words(client.get(reverse(f"portal:{place}")))
        assert "No customer is linked to this log-in yet" in said
        assert "Contact desk@host.example." in said
    assert "dana" in words(client.get(reverse("portal:account")))


def test_a_machine_without_place_parts_or_contract_is_shown_as_such(begun, as_user):
    lone = register_miner("LONE0001", begun.mine[0].model, by=None, at=SPRING, owner=begun.mine[0].owner)
    said = words(as_user(begun.customer).get(reverse("portal:miner", args=[lone.pk])))
    assert "not at a site" in said
    assert "what is inside is unknown" in said
    assert "under none of your contracts" in said


def test_a_rate_nobody_noted_is_unknown():
    assert rate_of(None, "USD").text == "unknown"
    assert rate_of(7_900_000, "USD").text.replace("\u202f", " ") == "0.079 USD/kWh"
    assert rate_of(4_123_456, "USD").text.replace("\u202f", " ") == "0.04123456 USD/kWh"


# ---- how the pages are made


def test_no_page_carries_a_style_or_a_script_of_its_own(stated, as_user):
    client = as_user(stated.customer)
    pages = [*addresses(stated, stated.amber), reverse("portal:miner", args=[stated.mine[0].pk])]
    for address in pages:
        answer = client.get(address)
        html = answer.content.decode()
        assert not re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", html), address
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy


def test_every_amount_and_serial_stands_in_its_own_direction(stated, as_user):
    html = as_user(stated.customer).get(reverse("portal:home")).content.decode()
    for serial in ("JYZZ7F2A", "SMTT11C0"):
        assert f"<bdi>{serial}</bdi>" in html
    amount = money(stated.share(stated.amber).amount_cents, "USD")
    assert f'<bdi>{amount.number}<span class="cents">{amount.tail}</span>' in html


@pytest.mark.parametrize("place", [*PLACES, "miner", "case", "check", "paper"])
def test_a_page_costs_at_most_twelve_queries_however_many_machines(stated, as_user, place):
    share = stated.share(stated.amber)
    key = {
        "miner": stated.mine[0].pk,
        "case": stated.case.number,
        "check": share.pk,
        "paper": share.statement.pk,
    }.get(place)
    address = reverse(f"portal:{place}", args=[key] if key else [])
    client = as_user(stated.customer)
    few = _queries(client, address)
    fill(stated, 60)
    assert _queries(client, address) == few
    assert few <= QUERIES


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
