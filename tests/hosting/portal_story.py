"""One sale from first hold to statements, with three owners: Amber Ridge, Other Peak and one who is held."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from fleet.catalog.models import Maker, MinerModel, PartKind
from fleet.miners.models import Miner, MinerStatus, Owner, Part
from fleet.miners.verbs import register_miner
from fleet.sites.models import Site, Slot
from fleet.sites.verbs import add_racks
from hosting.contracts.models import ContractKind, Placement
from hosting.contracts.verbs import NewContract, add_member, open_contract
from hosting.liquidation import verbs
from hosting.liquidation.models import Liquidation, Share
from hosting.parties.models import Party
from hosting.parties.verbs import NewParty, give_clearance, place_hold, register_parties
from kit.accounts.models import User

SPRING = datetime(2022, 3, 14, 9, 0, tzinfo=UTC)
HELD_ON = date(2022, 4, 20)
OWNERS = (("OWN-0417", "Amber Ridge"), ("OWN-0418", "Other Peak"), ("OWN-0419", "Held One"))


@dataclass
class Story:
    """The rows a test reaches for."""

    customer: User
    outsider: User
    held: User
    amber: Party
    other: Party
    blocked: Party
    bratsk: Site
    pyote: Site
    mine: list[Miner]
    theirs: list[Miner]
    case: Liquidation

    def share(self, party: Party) -> Share:
        return Share.objects.select_related("case", "party", "statement__document").get(
            case=self.case, party=party
        )


def held_log_in(name: str = "heda") -> User:
    """A further customer's log-in, for the owner who is held or for somebody without a customer."""
    user = User(username=name, role="customer", first_name=name.title())
    user.set_unusable_password()
    user.save()
    return user


def tell(finance: User, customer: User, outsider: User, held: User) -> Story:
    """Build the story up to the sale's first stop, the hold on the site."""
    maker, _ = Maker.objects.get_or_create(name="Bitmain", defaults={"country": "CN"})
    s19, _ = MinerModel.objects.get_or_create(
        name="Antminer S19j Pro", defaults={"maker": maker, "ghs": 100_000, "power_w": 3_050}
    )
    m30, _ = MinerModel.objects.get_or_create(
        name="WhatsMiner M30S+", defaults={"maker": maker, "ghs": 100_000, "power_w": 3_400}
    )
    bratsk = Site.objects.create(
        code="bratsk", name="Bratsk", country="RU", region="RU-IRK", nameplate_w=12_000_000, is_synthetic=True
    )
    pyote = Site.objects.create(code="pyote", name="Pyote", country="US", region="US-TX", is_synthetic=True)
    add_racks(pyote, "Hall 1", ["B2"], slots=4, by=None)
    slots = list(Slot.objects.filter(site=pyote).order_by("position"))
    owners = [
        Owner.objects.create(number=number, name=name, is_synthetic=True)
        for number, name in (
            ("OWN-0417", "Amber Ridge"),
            ("OWN-0418", "Other Peak"),
            ("OWN-0419", "Held One"),
        )
    ]
    amber, other, blocked = register_parties(
        [
            NewParty(
                f"P-{owner.number}", "organisation", f"{owner.name} Mining", owner=owner, is_synthetic=True
            )
            for owner in owners
        ],
        by=None,
    )
    for user, party in ((customer, amber), (outsider, other), (held, blocked)):
        add_member(user, party, by=None)
    contract = open_contract(
        NewContract(
            number="C-2022-0417",
            kind=ContractKind.HOSTING,
            party=amber,
            site=pyote,
            from_on=SPRING.date(),
            to_on=date(2025, 3, 14),
            contracted_w=6_100,
            rate_microcents_kwh=7_900_000,
            is_synthetic=True,
        ),
        by=None,
    )
    open_contract(
        NewContract(
            number="C-2022-0418", kind=ContractKind.HOSTING, party=other, site=pyote, from_on=SPRING.date()
        ),
        by=None,
    )

    def enter(serial: str, model: MinerModel, owner: Owner, site: Site, slot: Slot | None = None) -> Miner:
        return register_miner(
            serial,
            model,
            by=None,
            at=SPRING,
            site=site,
            slot=slot,
            owner=owner,
            status=MinerStatus.MINING,
            is_synthetic=True,
        )

    mine = [
        enter("JYZZ7F2A", s19, owners[0], pyote, slots[0]),
        enter("JYZZ7F31", s19, owners[0], pyote, slots[1]),
        enter("SMTT11C0", s19, owners[0], bratsk),
        enter("JYZZ02B8", s19, owners[0], bratsk),
        enter("HTM39D44", m30, owners[0], bratsk),
    ]
    theirs = [enter("OTHR0001", s19, owners[1], bratsk), enter("OTHR0002", s19, owners[1], pyote, slots[2])]
    enter("HELD0001", m30, owners[2], bratsk)
    Placement.objects.bulk_create(Placement(miner=one, contract=contract, from_at=SPRING) for one in mine[:2])
    Part.objects.create(kind=PartKind.HASHBOARD, serial="HB-1", miner=mine[0], maker=maker, position=1)
    Part.objects.create(kind=PartKind.CONTROL_BOARD, serial="CB-1", miner=mine[0])
    Part.objects.create(kind=PartKind.HASHBOARD, serial="HB-OTHER", miner=theirs[0], maker=maker, position=1)
    case = verbs.open_case(
        number="LQ-2022-001", title="Bratsk", site=bratsk, as_of=HELD_ON, by=finance, is_synthetic=True
    )
    verbs.freeze_scope(case, by=finance)
    verbs.hold_site(case, by=finance, on_day=HELD_ON, evidence="designation of the host")
    return Story(customer, outsider, held, amber, other, blocked, bratsk, pyote, mine, theirs, case)


def sell(story: Story, finance: User, approver: User, officer: User) -> None:
    """Carry the case on to its sale, the proceeds and the handing over."""
    case = story.case
    (buyer,) = register_parties(
        [NewParty("P-BUYER", "organisation", "Angara Compute", country="RU")], by=None
    )
    give_clearance(buyer, purpose="buyer", from_on=HELD_ON, basis="reviewed, no open finding", by=officer)
    verbs.record_review(case, by=finance, on_day=date(2022, 4, 22), evidence="memo of 22 April")
    verbs.record_authority(
        case, by=finance, on_day=date(2022, 4, 25), evidence="memo", authority="none needed, as counsel wrote"
    )
    verbs.close_elections(case, by=finance, on_day=date(2022, 5, 20), evidence="answers on file")
    verbs.clear_buyer(case, buyer, by=finance, on_day=date(2022, 5, 23), evidence="clearance")
    prices = dict.fromkeys(story.case.items.values_list("model_id", flat=True), 500_000)
    prices[story.mine[4].model_id] = 333_333
    quotes = [verbs.Quote("Valuer A", 3_000_000, "letter A"), verbs.Quote("Valuer B", 2_900_000, "letter B")]
    verbs.appraise(case, quotes=quotes, by=finance, on_day=date(2022, 5, 27), prices=prices)
    offer = verbs.record_offer(case, buyer, 2_000_001, offered_on=date(2022, 5, 28), by=finance)
    verbs.approve_sale(case, offer, by=approver, on_day=date(2022, 5, 30), evidence="agreement")
    verbs.record_receipt(case, 2_000_001, on_day=date(2022, 6, 2), reference="R-1", by=finance)
    verbs.record_cost(case, "counsel", 70_001, on_day=date(2022, 6, 3), by=finance)
    verbs.record_cost(case, "carriage", 11_111, on_day=date(2022, 6, 3), by=finance)
    verbs.record_reserve(case, "taxes", 50_000, on_day=date(2022, 6, 3), by=finance)
    verbs.confirm_proceeds(case, by=finance, on_day=date(2022, 6, 7), evidence="bank statement")
    verbs.hand_over_machines(case, by=finance, on_day=date(2022, 6, 8))


def state(story: Story, finance: User, officer: User) -> None:
    """Hold one owner, divide the net and issue the statements."""
    place_hold(story.blocked, reason="matched on a list", by=officer)
    verbs.allocate(story.case, by=finance, on_day=date(2022, 6, 17))
    verbs.issue_statements(story.case, by=finance, on_day=date(2022, 6, 17))
    story.case.refresh_from_db()
