"""The designation of BitRiver on 2022-04-20, the day before it, and the EU's listing of 2025."""

from datetime import date

from compliance.lists.verbs import load_version
from compliance.scenarios.ground import bring_parties, bring_stakes
from compliance.scenarios.rows import Tally
from compliance.scenarios.seedfiles import folder, read_seed

NAME = "bitriver-2022"


def load(tally: Tally) -> None:
    """Load the editions of the lists, and the two companies of the group that our scenarios deal with."""
    seed = read_seed(NAME)
    for row in seed.rows["lists"]:
        loaded = load_version(
            row["list"],
            date.fromisoformat(row["published_on"]),
            _files(row.get("folder", ""), row.get("file", "")),
            is_excerpt=row["is_excerpt"],
            by=None,
        )
        entries = loaded.version.entries
        tally.add(entries, new=entries if loaded.is_new else 0, is_synthetic=False)
    bring_stakes(tally, seed, bring_parties(tally, seed))


def _files(folder_name: str, file_name: str) -> dict[str, bytes]:
    lists = folder() / "lists"
    paths = sorted((lists / folder_name).glob("*.csv")) if folder_name else [lists / file_name]
    return {path.name: path.read_bytes() for path in paths}
