"""Published lists: what a file makes of itself, what an edition opens and ends, what is refused."""

from datetime import date
from pathlib import Path

import pytest

from compliance.lists.models import ListedIdentifier, ListedName, ListedParty, ListVersion
from compliance.lists.reads import designated_with, editions_at, listed_at, search_listed, stale_lists
from compliance.lists.remarks import fold_wallet, linked_to, numbers_in
from compliance.lists.verbs import load_version
from kit.errors import Refusal
from kit.trail.models import TrailEntry

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "lists"
PUBLISHED, LATER = date(2022, 4, 20), date(2022, 6, 1)
NULLS = ",-0- " * 7
RUS = (
    '36458,"OOO BITRIVER RUS",-0- ,"RUSSIA-EO14024"' + NULLS + ',"Organization Established Date 15 Nov 2017; '
    'Tax ID No. 3805731961 (Russia); Registration Number 1173850041749 (Russia); Linked To: BITRIVER AG."'
)
AG = (
    '36456,"BITRIVER AG",-0- ,"RUSSIA-EO14024"' + NULLS + ',"Tax ID No. 412633295 (Switzerland); '
    'Registration Number CH-170.3.045.713-7 (Switzerland)."'
)
PERSON = (
    '100,"DOE, John",individual,"SDGT] [IFSR"' + NULLS + ",\"DOB 1962; a.k.a. 'J'; Digital Currency Addres\""
)
ALT = '36458,57491,"aka","BITRIVER RUS",-0- '
ADD = '36458,54808,"d. 11B ofis 1","Bratsk 665709","Russia",-0- '
COMMENT = '100,"s - XBT 149w62rY42aZBox8fGcmqNsXUzSStKeq8C; Passport 4005504207 (Russia)."'


def csv_of(*rows: str) -> bytes:
    return ("\r\n".join(rows) + "\r\n\x1a").encode()


FILES = {
    "sdn.csv": csv_of(AG, RUS, PERSON),
    "alt.csv": csv_of(ALT),
    "add.csv": csv_of(ADD),
    "sdn_comments.csv": csv_of(COMMENT),
}
ANNEX_HEADER = (
    "uid,name,kind,programme,authority,measure,citation,listed_on,aliases,identifiers,address,country"
)
ANNEX = (
    f"{ANNEX_HEADER}\n"
    "bitriver,BitRiver LLC,organisation,EU-833/2014-XLIX,Council of the EU,transaction ban,"
    '"Reg. (EU) 833/2014, Annex XLIX",2025-07-20,Bitriver | Bit River,tax:RU:3805731961,Moscow,Russia\n'
).encode()


def load(published_on: date = PUBLISHED, files: dict[str, bytes] | None = None, **options):
    return load_version("ofac-sdn", published_on, files or FILES, **{"by": None, **options})


@pytest.mark.django_db
def test_an_edition_opens_its_parties_with_names_numbers_and_addresses() -> None:
    loaded = load()
    assert (loaded.opened, loaded.ended, loaded.version.entries) == (3, 0, 3)
    rus = ListedParty.objects.get(uid="36458")
    assert (rus.kind, rus.programmes, rus.authority) == ("organisation", ["RUSSIA-EO14024"], "EO 14024")
    assert (rus.citation, rus.listed_on, rus.delisted_on) == ("31 CFR 587", PUBLISHED, None)
    assert set(rus.names.values_list("name", "folded", "is_alias")) == {
        ("OOO BITRIVER RUS", "bitriver rus", False),
        ("BITRIVER RUS", "bitriver rus", True),
    }
    assert set(rus.identifiers.values_list("kind", "country", "folded")) == {
        ("tax", "RU", "3805731961"),
        ("registration", "RU", "1173850041749"),
    }
    assert rus.addresses.get().text == "d. 11B ofis 1, Bratsk 665709"


@pytest.mark.django_db
def test_a_remark_goes_on_mid_word_in_the_comments_and_a_wallet_is_found_across_the_cut() -> None:
    load()
    wallet = ListedIdentifier.objects.get(kind="wallet")
    assert (wallet.listed.uid, wallet.value) == ("100", "XBT 149w62rY42aZBox8fGcmqNsXUzSStKeq8C")
    assert wallet.listed.programmes == ["SDGT", "IFSR"]


@pytest.mark.django_db
def test_loading_the_same_edition_again_changes_nothing() -> None:
    first = load()
    before = TrailEntry.objects.count()
    again = load()
    assert (again.is_new, again.version, ListVersion.objects.count()) == (False, first.version, 1)
    assert (ListedParty.objects.count(), ListedName.objects.count()) == (3, 4)
    assert TrailEntry.objects.count() == before


@pytest.mark.django_db
def test_an_edition_ends_who_is_gone_and_an_excerpt_ends_nobody() -> None:
    load()
    assert load(LATER, {"sdn.csv": csv_of(AG)}, is_excerpt=True).ended == 0
    loaded = load(date(2022, 7, 1), {"sdn.csv": csv_of(AG, RUS)})
    assert (loaded.opened, loaded.ended, loaded.kept) == (0, 1, 2)
    assert ListedParty.objects.get(uid="100").delisted_on == date(2022, 7, 1)
    assert {row.uid for row in listed_at(date(2022, 6, 30))} == {"36456", "36458", "100"}
    assert {row.uid for row in listed_at(date(2022, 7, 1))} == {"36456", "36458"}


@pytest.mark.django_db
def test_a_party_listed_again_after_it_was_removed_has_two_periods() -> None:
    load()
    load(LATER, {"sdn.csv": csv_of(AG, RUS)})
    load(
        date(2023, 1, 1), {"sdn.csv": csv_of(AG, RUS, PERSON.replace("Digital Currency Addres", "DOB 1963"))}
    )
    days = ListedParty.objects.filter(uid="100").order_by("listed_on").values_list("listed_on", "delisted_on")
    assert list(days) == [(PUBLISHED, LATER), (date(2023, 1, 1), None)]


@pytest.mark.django_db
def test_an_older_edition_loaded_later_moves_the_first_day_back_and_ends_nobody_still_listed() -> None:
    other = PERSON.replace("100,", "200,").replace("Digital Currency Addres", "DOB 1963")
    load(LATER, {"sdn.csv": csv_of(other, AG)})
    loaded = load(PUBLISHED, {"sdn.csv": csv_of(other, PERSON)})
    assert (loaded.opened, loaded.ended) == (1, 1)
    assert ListedParty.objects.get(uid="200").listed_on == PUBLISHED
    assert ListedParty.objects.get(uid="100").delisted_on == LATER
    assert ListedParty.objects.get(uid="36456").delisted_on is None


@pytest.mark.django_db
def test_a_day_known_from_the_press_release_stands_even_if_only_a_later_edition_is_loaded() -> None:
    load(date(2024, 6, 27))
    assert ListedParty.objects.get(uid="36458").listed_on == date(2022, 4, 20)
    assert ListedParty.objects.get(uid="100").listed_on == date(2024, 6, 27)


@pytest.mark.django_db
def test_our_own_table_says_since_when_a_party_is_listed() -> None:
    load_version("eu-833-xlix", date(2025, 7, 21), {"annex.csv": ANNEX}, by=None)
    row = ListedParty.objects.get()
    assert (row.listed_on, row.programmes, row.measure) == (
        date(2025, 7, 20),
        ["EU-833/2014-XLIX"],
        "transaction ban",
    )
    assert row.names.count() == 3
    assert row.identifiers.get().country == "RU"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("files", "where", "says"),
    [
        ({"sdn.csv": csv_of(AG, AG)}, "sdn.csv, line 2, column ent_num", "twice"),
        ({"sdn.csv": csv_of("x" + AG)}, "sdn.csv, line 1, column ent_num", "not a number"),
        ({"sdn.csv": csv_of(AG, "1,2,3")}, "sdn.csv, line 2, column SDN_Type", "3 columns instead of 12"),
        (
            {"sdn.csv": csv_of(AG.replace('"BITRIVER AG"', "-0- "))},
            "sdn.csv, line 1, column SDN_Name",
            "empty",
        ),
        (
            {"sdn.csv": csv_of(AG), "alt.csv": csv_of(ALT)},
            "alt.csv, line 1, column ent_num",
            "not in the main",
        ),
        ({"sdn.csv": b'36456,"BITRIVER \xff\xfe"'}, "sdn.csv, line 1", "not UTF-8"),
        ({"sdn.csv": csv_of('36456,"BITRIVER')}, "sdn.csv, line", "cannot be read"),
        ({"alt.csv": csv_of(ALT)}, "", "main file, sdn.csv, is missing"),
        ({"list.csv": csv_of(AG)}, "list.csv", "must end in"),
        ({"sdn.csv": b""}, "sdn.csv", "names nobody"),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_changes_nothing(files, where: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        load(files=files)
    assert refused.value.where.startswith(where)
    assert says in refused.value.message
    assert (ListVersion.objects.count(), ListedParty.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("2025-07-20", "20.7.2025", "annex.csv, line 2, column listed_on"),
        ("tax:RU:3805731961", "3805731961", "annex.csv, line 2, column identifiers"),
        (",organisation,", ",company,", "annex.csv, line 2, column kind"),
        ("uid,name", "number,name", "annex.csv, line 1"),
        ("BitRiver LLC", "", "annex.csv, line 2, column name"),
    ],
)
def test_a_bad_row_of_our_own_table_is_refused_with_its_place(before: str, after: str, where: str) -> None:
    content = ANNEX.replace(before.encode(), after.encode(), 1)
    with pytest.raises(Refusal) as refused:
        load_version("eu-833-xlix", date(2025, 7, 20), {"annex.csv": content}, by=None)
    assert refused.value.where == where
    assert ListedParty.objects.count() == 0


@pytest.mark.django_db
def test_other_contents_under_a_loaded_day_and_a_list_nobody_knows_are_refused(cast) -> None:
    load()
    with pytest.raises(Refusal, match="Another file was loaded"):
        load(files={"sdn.csv": csv_of(AG)})
    with pytest.raises(Refusal, match="is not a list"):
        load_version("ofac", PUBLISHED, FILES, by=None)
    with pytest.raises(Refusal, match=r"compliance\.edit"):
        load(LATER, by=cast.technician)


@pytest.mark.django_db
def test_the_group_behind_a_listed_party_is_found_by_its_links() -> None:
    other = '9,"OOO OTHER",-0- ,"RUSSIA-EO14024"' + NULLS + ',"Linked To: BITRIVER AGRO."'
    load(files=FILES | {"sdn.csv": csv_of(AG, RUS, PERSON, other)})
    rus = ListedParty.objects.get(uid="36458")
    assert [row.uid for row in designated_with([rus], PUBLISHED)] == ["36456", "36458"]
    assert designated_with([rus], date(2022, 4, 19)) == ()


@pytest.mark.django_db
def test_the_newest_edition_of_a_day_is_told_and_an_old_one_is_stale(django_assert_num_queries) -> None:
    load()
    load(LATER, {"sdn.csv": csv_of(AG, RUS)})
    assert [row.published_on for row in editions_at(date(2022, 5, 1))] == [PUBLISHED]
    assert editions_at(date(2022, 4, 19)) == ()
    with django_assert_num_queries(1):
        (stale,) = stale_lists(date(2022, 6, 9))
    assert stale[1] == LATER
    assert stale_lists(date(2022, 6, 8)) == ()


@pytest.mark.django_db
def test_a_listed_party_is_found_by_name_without_its_form_and_by_number() -> None:
    load()
    everybody = ListedParty.objects.all()
    assert [row.uid for row in search_listed(everybody, "LLC “BitRiver-Rus”")] == ["36458"]
    assert [row.uid for row in search_listed(everybody, "CH 170.3.045.713-7")] == ["36456"]
    assert [row.uid for row in search_listed(everybody, "100")] == ["100"]


def test_remarks_are_read_part_by_part() -> None:
    text = (
        "alt. Tax ID No. 1718002246 (Russia); Registration Number 12 issued 2001; Linked To: A; Linked To: B."
    )
    assert [(row.kind, row.country, row.value) for row in numbers_in(text)] == [
        ("tax", "RU", "1718002246"),
        ("registration", "", "12"),
    ]
    assert linked_to(text) == ("A", "B")


def test_a_wallet_is_compared_with_its_case_only_where_case_counts() -> None:
    assert fold_wallet("ETH 0x8576ACC5") == "0x8576acc5"
    assert fold_wallet("XBT 149w62rY42aZBox") == "149w62rY42aZBox"


def _real(folder: str) -> dict[str, bytes]:
    where = REAL / folder
    if not where.is_dir():
        pytest.skip(f"../shared/data/lists/{folder} is absent")
    return {path.name: path.read_bytes() for path in where.glob("*.csv")}


@pytest.mark.django_db
def test_the_whole_list_of_june_2024_names_the_eleven_with_their_tax_numbers() -> None:
    files = _real("ofac_sdn_2024-06")
    loaded = load(date(2024, 6, 27), files)
    assert (loaded.opened, ListedParty.objects.count()) == (15_402, 15_402)
    head = ListedParty.objects.get(name="BITRIVER AG")
    group = designated_with([head], date(2024, 6, 27))
    assert len(group) == 11
    taxed = ListedIdentifier.objects.filter(kind="tax", listed__uid__in=[row.uid for row in group])
    assert taxed.values("listed").distinct().count() == 11
    assert "1001299201" in taxed.values_list("folded", flat=True)


@pytest.mark.django_db
def test_the_whole_list_of_july_2021_names_none_of_them() -> None:
    loaded = load(date(2021, 7, 7), _real("ofac_sdn_2021-07"))
    assert loaded.opened == 8_976
    assert not ListedName.objects.filter(folded__contains="bitriver").exists()
    assert ListedIdentifier.objects.filter(kind="wallet").count() == 97
