"""A small liquidation that every test can be put before, at any gate."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from fleet.catalog.models import Maker, MinerModel
from fleet.miners.models import Miner, Owner, Stay
from fleet.sites.models import Site
from hosting.liquidation import verbs
from hosting.liquidation.models import Liquidation, Offer
from hosting.parties.models import Party
from hosting.parties.verbs import NewParty, give_clearance, register_parties, register_party
from hosting.valuation.verbs import set_price
from kit.accounts.models import User

BEGAN = datetime(2021, 6, 1, tzinfo=UTC)
AS_OF = date(2022, 4, 21)
PRICES = {"S19j Pro": 805_000, "M30S+": 664_000, "S19": 700_000}
PRICE_CENTS = 12_345_678
DAY = {
    "freeze_scope": date(2022, 4, 21),
    "hold_site": date(2022, 4, 21),
    "record_review": date(2022, 5, 2),
    "record_authority": date(2022, 5, 6),
    "close_elections": date(2022, 5, 20),
    "clear_buyer": date(2022, 5, 24),
    "appraise": date(2022, 5, 25),
    "approve_sale": date(2022, 5, 30),
    "confirm_proceeds": date(2022, 6, 10),
    "allocate": date(2022, 6, 16),
    "issue_statements": date(2022, 6, 17),
    "pay_out": date(2022, 6, 20),
    "close_case": date(2022, 6, 30),
}
ORDER = list(DAY)
QUOTES = [verbs.Quote("Alder Appraisals", 20_000_000, "A-1"), verbs.Quote("Birch Valuers", 19_000_000, "B-7")]


@dataclass
class Story:
    """A site with machines of some owners, a buyer, and the people who act."""

    finance: User
    approver: User
    officer: User
    site: Site
    owners: list[Party]
    buyer: Party
    case: Liquidation
    offer: Offer | None = None
    models: list[MinerModel] = field(default_factory=list)

    def upto(self, verb: str) -> Liquidation:
        """Pass the gates in order, up to and including this one."""
        for name in ORDER:
            self.pass_gate(name)
            if name == verb:
                break
        self.case.refresh_from_db()
        return self.case

    def pass_gate(self, name: str) -> None:
        case, day = self.case, DAY[name]
        common = {"by": self.finance, "on_day": day, "evidence": f"evidence of {name}"}
        second = common | {"by": self.approver}
        if name in ("freeze_scope", "allocate", "issue_statements"):
            getattr(verbs, name)(case, by=self.finance, on_day=day)
        elif name == "record_authority":
            verbs.record_authority(case, authority="Licence 7", ends_on=date(2022, 7, 31), **common)
        elif name == "close_elections":
            verbs.close_elections(case, answered=len(self.owners) - 1, **common)
        elif name == "clear_buyer":
            verbs.clear_buyer(case, self.buyer, **common)
        elif name == "appraise":
            verbs.appraise(case, quotes=QUOTES, by=self.finance, on_day=day)
            self.offer = verbs.record_offer(case, self.buyer, PRICE_CENTS, offered_on=day, by=self.finance)
        elif name == "approve_sale":
            assert self.offer is not None
            verbs.approve_sale(case, self.offer, **second)
        elif name == "confirm_proceeds":
            self.book()
            verbs.confirm_proceeds(case, **common)
        elif name == "pay_out":
            verbs.pay_out(case, method="bank transfer", **second)
        elif name == "close_case":
            verbs.close_case(case, **second)
        else:
            getattr(verbs, name)(case, **common)

    def book(self) -> None:
        """Two receipts, two costs and a reserve."""
        case, by, day = self.case, self.finance, date(2022, 6, 1)
        verbs.record_receipt(case, 10_000_000, on_day=day, reference="W-1", by=by)
        verbs.record_receipt(case, PRICE_CENTS - 10_000_000, on_day=date(2022, 6, 8), reference="W-2", by=by)
        verbs.record_cost(case, "Counsel", 184_320, on_day=day, by=by)
        verbs.record_cost(case, "Two valuations", 21_600, on_day=day, by=by)
        verbs.record_reserve(case, "Taxes", 528_251, on_day=day, by=by)


def tell(
    *,
    finance: User,
    approver: User,
    officer: User,
    owners: int = 7,
    number: str = "LQ-2022-001",
    each: int = 3,
) -> Story:
    """Write a site, models, owners with up to `each` machines, prices, a cleared buyer and a draft case."""
    maker = Maker.objects.create(name=f"Maker of {number}")
    models = [
        MinerModel.objects.create(
            maker=maker, name=f"{name} {number}", ghs=100_000 + 5_000 * i, power_w=3_000 + 50 * i
        )
        for i, name in enumerate(PRICES)
    ]
    site = Site.objects.create(code=number.lower(), name="Bratsk", country="RU", region="RU-IRK")
    labels = Owner.objects.bulk_create(
        [
            Owner(number=f"{number}-{i:04d}", name=f"Owner {i}", is_synthetic=True)
            for i in range(1, owners + 1)
        ]
    )
    parties = register_parties(
        [NewParty(label.number, "person", label.name, owner=label, is_synthetic=True) for label in labels],
        by=None,
    )
    _machines(site, models, labels, each, number)
    for model, cents in zip(models, PRICES.values(), strict=True):
        set_price(model, cents, from_on=date(2022, 1, 1), by=None)
    buyer = register_party(
        NewParty(f"{number}-BUYER", "organisation", "Angara Compute", country="RU"), by=None
    )
    give_clearance(buyer, purpose="buyer", from_on=date(2022, 5, 1), basis="reviewed 1 May", by=officer)
    case = verbs.open_case(
        number=number,
        title="Bratsk, sanctions exit",
        site=site,
        as_of=AS_OF,
        by=finance,
        at=datetime(2022, 4, 21, 9, tzinfo=UTC),
        is_synthetic=True,
    )
    return Story(finance, approver, officer, site, parties, buyer, case, None, models)


def _machines(site: Site, models: list[MinerModel], labels: list[Owner], each: int, number: str) -> None:
    miners = []
    for n, label in enumerate(labels):
        for k in range(1 + n % each):
            model = models[(n + k) % len(models)]
            serial = f"{number}-{n:04d}-{k}".upper()
            miners.append(
                Miner(
                    serial=serial,
                    model=model,
                    owner=label,
                    site=site,
                    status="mining",
                    power_w=model.power_w,
                    ghs=model.ghs,
                    is_exportable=False,
                    is_synthetic=True,
                )
            )
    miners = Miner.objects.bulk_create(miners, batch_size=2_000)
    Stay.objects.bulk_create(
        [
            Stay(
                miner=m,
                site=site,
                owner_id=m.owner_id,
                model_id=m.model_id,
                power_w=m.power_w,
                ghs=m.ghs,
                from_at=BEGAN,
            )
            for m in miners
        ],
        batch_size=2_000,
    )
