"""What no source gives and a scenario needs: names and serials, always the same for the same random seed."""

from random import Random

GIVEN = """
    Ailo Brisa Calle Doran Edda Fenn Galia Hesper Ilva Joren Kesta Lorin Maelle Nerys Odran Perle
    Quill Rhona Sorrel Tamsin Ulric Vesna Wyatt Xanthe Ysolde Zephyr Arden Blythe Corin Delphi
"""
FAMILY_BEGINS = "Ash Bram Cald Dun Elm Fair Glen Hart Ivers Kel Lang Mar North Ost Pem Raven Thorn"
FAMILY_ENDS = "wick field mond bury ford lea hurst ley stead well by combe gate holm mere port shaw"
TRADES = "Hash Block Rig Terahash Pool Nonce"
PERSONS_IN_HUNDRED = 86


def invented_names(count: int, random_seed: int) -> list[tuple[str, str]]:
    """So many different names of people and firms that do not exist, each with its kind of party."""
    random = Random(random_seed)
    given, begins, ends, trades = (words.split() for words in (GIVEN, FAMILY_BEGINS, FAMILY_ENDS, TRADES))
    found: dict[str, str] = {}
    while len(found) < count:
        family = random.choice(begins) + random.choice(ends)
        if random.randrange(100) < PERSONS_IN_HUNDRED:
            found.setdefault(f"{random.choice(given)} {family}", "person")
        else:
            found.setdefault(f"{family} {random.choice(trades)} LLC", "organisation")
    return list(found.items())


def invented_serial(scenario: str, position: int) -> str:
    """A serial that cannot be taken for a maker's."""
    return f"SYN-{scenario}-{position:06d}"
