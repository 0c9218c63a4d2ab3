"""What every scenario stands on: the catalogue, the rules of law, the parties and sites of its file."""

from collections.abc import Callable, Collection
from datetime import date

from compliance.scenarios.rows import Tally, keep
from compliance.scenarios.seedfiles import Seed, known, read_table, text
from compliance.territory.verbs import Entered, load_laws, load_regimes
from fleet.catalog.models import MinerModel
from fleet.catalog.verbs import load_catalog
from fleet.miners.models import Owner
from fleet.sites.models import Site
from hosting.contracts.models import SiteParty, SiteRole
from hosting.parties.models import Party, Stake
from hosting.parties.verbs import Identifier, NewParty, register_parties, set_stake
from hosting.valuation.models import ModelPrice

CATALOGUE = "catalog/miner_models.csv"
SYNTHETIC = "synthetic: no source gives it"
STANDS_ON_SYNTHETIC = "the machines on it are synthetic"


def load_models() -> Entered:
    """Enter the models of the catalogue that are missing."""
    rows = list(read_table(CATALOGUE))
    there = set(MinerModel.objects.values_list("name", flat=True))
    missing = [row for row in rows if row["model"] not in there]
    load_catalog(missing, source=f"seeds/{CATALOGUE} (FACTS F)")
    return Entered(created=len(missing), kept=len(rows) - len(missing))


# What an installation knows before anybody tells it anything: each row is written only where it is missing.
REFERENCE: tuple[tuple[str, Callable[[], Entered]], ...] = (
    ("models", load_models),
    ("regimes", load_regimes),
    ("laws", load_laws),
)


def load_reference(tally: Tally) -> None:
    """Enter the catalogue of models and every dated rule of law, each row only where it is missing."""
    for _name, load in REFERENCE:
        entered = load()
        tally.add(entered.created + entered.kept, new=entered.created, is_synthetic=False)


def bring_parties(tally: Tally, seed: Seed, numbers: Collection[str] | None = None) -> dict[str, Party]:
    """The parties of a file by number, registered where missing; one that owns machines gets its label."""
    rows = [row for row in seed.rows["parties"] if numbers is None or row["number"] in numbers]
    there = Party.objects.filter(number__in=[row["number"] for row in rows]).in_bulk(field_name="number")
    new = []
    for row in rows:
        if row["number"] in there:
            continue
        owner = None
        if row.get("owns_machines"):
            owner, _made = Owner.objects.get_or_create(number=row["number"], defaults={"name": row["name"]})
        new.append(
            NewParty(
                number=row["number"],
                kind=row["kind"],
                name=row["name"],
                country=text(row, "country"),
                owner=owner,
                names=tuple(row["names"]),
                identifiers=tuple(Identifier(**number) for number in row["identifiers"]),
                source=row["source"],
                confidence=row["confidence"],
            )
        )
    made = register_parties(new, by=None)
    tally.add(len(rows), new=len(made), is_synthetic=False)
    return there | {party.number: party for party in made}


def bring_stakes(tally: Tally, seed: Seed, parties: dict[str, Party]) -> None:
    """The stakes of a file, each set once; an unknown share stays unknown."""
    for row in seed.rows["stakes"]:
        holder, held = parties[row["holder"]], parties[row["held"]]
        is_new = not Stake.objects.filter(holder=holder, held=held).exists()
        if is_new:
            set_stake(
                holder=holder,
                held=held,
                share_bps=known(row, "share_bps"),
                from_on=date.fromisoformat(row["from_on"]),
                source=row["source"],
                confidence=row["confidence"],
                by=None,
            )
        tally.add(1, new=int(is_new), is_synthetic=False)


def bring_sites(tally: Tally, seed: Seed, **invented: object) -> dict[str, Site]:
    """The sites of a file by code; what is measured on them is invented, so they are marked synthetic."""
    return {
        row["code"]: keep(
            tally,
            Site,
            {"code": row["code"]},
            is_synthetic=True,
            name=row["name"],
            country=row["country"],
            region=text(row, "region"),
            locality=text(row, "locality"),
            time_zone=row["time_zone"],
            source=f"{row['source']}; {STANDS_ON_SYNTHETIC}",
            confidence=row["confidence"],
            **invented,
        )
        for row in seed.rows["sites"]
    }


def bring_host(tally: Tally, site: Site, host: Party, *, from_on: date, source: str, confidence: str) -> None:
    """Say who runs a site; a first day that no source gives is named in the source text."""
    keep(
        tally,
        SiteParty,
        {"site": site, "party": host, "role": SiteRole.HOST},
        is_synthetic=False,
        from_on=from_on,
        source=source,
        confidence=confidence,
    )


def bring_prices(tally: Tally, prices: dict[str, int], from_on: date) -> None:
    """Invented prices of one machine by model, from a day on."""
    for name, cents in prices.items():
        keep(
            tally,
            ModelPrice,
            {"model": MinerModel.objects.get(name=name), "currency": "USD", "from_on": from_on},
            is_synthetic=True,
            price_cents=cents,
            source=SYNTHETIC,
        )
