"""A statement's value without a database, for tests of its drawing."""

from datetime import date

from hosting.liquidation.distribution import Claim, plan
from hosting.liquidation.proof import Leaf, path_of, root_of, salt_of, tree
from hosting.liquidation.report import CaseFacts, Machine, StatementValue, Sum

NET = 2_491_349_085
COSTS = (
    Sum("Counsel", 18_432_000),
    Sum("Two valuations", 2_160_000),
    Sum("Dismantling and carriage inside Russia", 9_641_055),
    Sum("Bank and currency", 3_911_820),
)
RESERVES = (
    Sum("Host’s claimed fees, not payable while designated", 41_200_000),
    Sum("Taxes", 52_825_000),
    Sum("Disputed title, 31 machines", 21_731_040),
)


def statement_value(
    owner: int = 417,
    machines: int = 3,
    owners: int = 2_000,
    basis: str = "appraised",
    *,
    is_set_aside: bool = False,
) -> StatementValue:
    """One owner's statement out of a distribution of so many owners."""
    claims = [Claim(n, f"C-{n:04d}", 1 + n % 4, 805_000 * (1 + n % 4)) for n in range(1, owners + 1)]
    mine = [
        Machine(f"Antminer S19j Pro {1 + k % 9}", f"SYN{owner:04d}{k:03d}", 805_000 + k)
        for k in range(machines)
    ]
    claims[owner - 1] = Claim(owner, f"C-{owner:04d}", machines, sum(one.weight for one in mine))
    planned = plan(NET, claims)
    leaves = [
        Leaf(
            "LQ-2022-001",
            one.claim.owner,
            one.line,
            one.claim.machines,
            one.claim.weight,
            one.amount_cents,
            "USD",
            salt_of("s", one.claim.owner),
        )
        for one in planned
    ]
    levels = tree([leaf.digest for leaf in leaves])
    one = planned[owner - 1]
    facts = CaseFacts(
        operator="Northfield Hosting",
        number="LQ-2022-001",
        title="Bratsk, sanctions exit",
        site="Bratsk",
        site_country="RU",
        as_of=date(2022, 4, 21),
        currency="USD",
        basis=basis,
        sold_on=date(2022, 5, 30),
        allocated_on=date(2022, 6, 16),
        gross_cents=NET + sum(s.amount_cents for s in COSTS + RESERVES),
        costs=COSTS,
        reserves=RESERVES,
        net_cents=NET,
        machines=3_777,
        power_w=12_000_000,
        owners=owners,
        total_weight=sum(claim.weight for claim in claims),
        given_by_rank_cents=sum(p.rounding_cents for p in planned),
        root=root_of(levels),
        prepared_by="Marin",
        approved_by="Lindqvist",
        is_synthetic=True,
    )
    return StatementValue(
        facts=facts,
        document=f"LQ-2022-001-{one.line:04d}",
        line=one.line,
        owner_number=one.claim.owner,
        owner_name="Owner of the 417th line",
        machines=tuple(mine),
        weight=one.claim.weight,
        amount_cents=one.amount_cents,
        rounding_cents=one.rounding_cents,
        is_set_aside=is_set_aside,
        issued_on=date(2022, 6, 17),
        leaf=leaves[one.line - 1].text,
        leaf_digest=leaves[one.line - 1].digest.hex(),
        path=tuple(path_of(levels, one.line - 1)),
    )
