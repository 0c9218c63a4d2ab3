"""What is asked of a list: kept under a name, or written to a file."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from fleet.miners.listing import asked, for_admin, miners_of
from fleet.miners.models import Miner
from fleet.miners.verbs import register_miner
from fleet.queries import verbs, writing
from fleet.queries.models import Export, ExportPiece, SavedFilter
from fleet.queries.tasks import expire_exports
from kit.errors import Refusal
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import cancel, run
from kit.trail.models import TrailEntry
from tests.fleet.conftest import LONG_AGO
from tests.fleet.test_imports import counts, planned

MINERS = "admin:fleet_miner_changelist"


@pytest.fixture
def stocked(fleet):
    for n, slot in enumerate(fleet.slots[:5], start=1):
        register_miner(
            f"SN-000{n}", fleet.s19, owner=fleet.dana, site=fleet.bratsk, slot=slot, at=LONG_AGO, by=None
        )
    Miner.objects.filter(serial="SN-0005").update(firmware="=cmd|'/C calc'!A0", ghs=95_400)
    return fleet


def made(query: str = "", file_format: str = "csv", by=None) -> Export:
    export = verbs.ask_export("miners", query, file_format, by=by)
    run(export.job_id)
    return Export.objects.select_related("job").get(pk=export.pk)


def content(export: Export) -> bytes:
    return b"".join(bytes(piece.content) for piece in export.pieces.order_by("number"))


# ---- one language


def test_a_query_of_the_admin_and_one_of_the_api_mean_the_same(stocked):
    admin = f"site__id__exact={stocked.bratsk.pk}&is_synthetic__exact=0&q=0003&o=1&p=2"
    assert asked(admin) == f"site_id={stocked.bratsk.pk}&is_synthetic=false&contains=0003"
    assert [miner.serial for miner in miners_of(asked(admin))] == ["SN-0003"]
    assert for_admin(asked(admin)) == f"site__id__exact={stocked.bratsk.pk}&is_synthetic__exact=0&q=0003"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("colour=red", "“colour” is not a filter. There are: serial, contains"),
        ("contains=ab", "at least four characters"),
        ("status=asleep", "asleep is not one of the available choices"),
        ("power_min=much", "Enter a number"),
        ("&".join(["status=mining"] * 101), "too many parts"),
    ],
)
def test_a_query_the_list_does_not_understand_is_refused(db, query, why):
    with pytest.raises(Refusal, match=why):
        asked(query)


# ---- saved filters


def test_a_filter_is_saved_under_a_name_and_replaced_by_the_same_name(cast, db):
    verbs.save_filter("miners", " Low  ones ", "status=low", by=cast.technician)
    verbs.save_filter("miners", "Low ones", "status__exact=offline&p=3", by=cast.technician)
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query, kept.is_shared) == ("Low ones", "status=offline", False)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("miners", " ", ""), "needs a name"),
        (("miners", "x" * 81, ""), "at most 80"),
        (("parts", "x", ""), "“parts” is no list. There are: miners"),
        (("miners", "x", "colour=red"), "not a filter"),
        (("miners", "x", "serial=" + "x" * 2_000), "too long"),
    ],
)
def test_what_cannot_be_saved_is_refused(cast, db, given, why):
    with pytest.raises(Refusal, match=why):
        verbs.save_filter(*given, by=cast.technician)
    with pytest.raises(Refusal, match=r"fleet\.view"):
        verbs.save_filter("miners", "x", "", by=cast.customer)
    assert not SavedFilter.objects.exists()


def test_others_see_a_filter_only_if_it_is_shared_and_remove_none(cast, as_user):
    own = verbs.save_filter("miners", "mine", "status=low", by=cast.technician)
    shared = verbs.save_filter("miners", "ours", "status=offline", by=cast.technician, is_shared=True)
    other = as_user(cast.auditor)
    rows = other.get("/api/v1/saved-filters/").json()["results"]
    assert [(row["name"], row["user_name"], row["query"]) for row in rows] == [
        ("ours", "theo", "status=offline")
    ]
    assert other.get(f"/api/v1/saved-filters/{own.pk}/").status_code == 404
    assert other.delete(f"/api/v1/saved-filters/{own.pk}/").status_code == 404
    refused = other.delete(f"/api/v1/saved-filters/{shared.pk}/")
    assert (refused.status_code, "only they can remove it" in refused.json()["detail"]) == (400, True)
    mine = as_user(cast.technician)
    assert len(mine.get("/api/v1/saved-filters/?list=miners").json()["results"]) == 2
    assert mine.delete(f"/api/v1/saved-filters/{own.pk}/").status_code == 204
    assert list(SavedFilter.objects.all()) == [shared]


def test_a_filter_is_saved_by_the_api(cast, as_user):
    given = {"name": "Bratsk", "query": "site=bratsk&power_min=3000", "is_shared": True}
    answer = as_user(cast.auditor).post("/api/v1/saved-filters/", given, content_type="application/json")
    assert (answer.status_code, answer.json()["query"]) == (201, "site=bratsk&power_min=3000")


def test_the_list_offers_its_filters_and_saves_what_it_shows(stocked, cast, as_user):
    client = as_user(cast.auditor)
    verbs.save_filter("miners", "<b>Others</b>", "status=low", by=cast.technician, is_shared=True)
    query = f"site__id__exact={stocked.bratsk.pk}&q=0003"
    given = {"query": query, "name": "In Bratsk"}
    assert client.post(reverse("admin:fleet_miner_savefilter"), given)["Location"].endswith(f"?{query}")
    shown = client.get(reverse(MINERS), {"owner": "C-001", "power_min": "3000"}).content.decode()
    assert f'href="{reverse(MINERS)}?site__id__exact={stocked.bratsk.pk}&amp;q=0003"' in shown
    assert "&lt;b&gt;Others" in shown
    assert "<b>Others" not in shown
    assert "SN-0005" in shown
    wrong = client.post(
        reverse("admin:fleet_miner_savefilter"), {"query": "colour=red", "name": "x"}, follow=True
    )
    assert "is not a filter" in wrong.content.decode()
    own = SavedFilter.objects.get(user=cast.auditor)
    client.post(reverse("admin:fleet_miner_dropfilter"), {"filter": own.pk})
    assert not SavedFilter.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("owner=C-001", 5),
        ("owner=C-002", 0),
        ("country=RU&maker=Bitmain", 5),
        ("power_min=4000", 0),
        ("rack_name=R2", 1),
    ],
)
def test_the_admins_list_understands_every_filter_of_the_api(stocked, cast, as_user, query, found):
    shown = as_user(cast.auditor).get(f"{reverse(MINERS)}?{query}").content.decode()
    assert sum(f">SN-000{n}<" in shown for n in range(1, 6)) == found


def test_a_value_that_cannot_be_is_said_on_the_list(stocked, cast, as_user):
    shown = as_user(cast.auditor).get(reverse(MINERS), {"power_min": "much"}).content.decode()
    assert "Enter a number" in shown
    assert "SN-0001" not in shown


def test_the_list_with_its_filters_costs_at_most_twelve_queries(
    stocked, cast, as_user, django_assert_max_num_queries
):
    client = as_user(cast.auditor)
    for n in range(20):
        verbs.save_filter("miners", f"f{n}", "status=low", by=cast.technician, is_shared=True)
    client.get(reverse(MINERS))
    with django_assert_max_num_queries(12):
        client.get(reverse(MINERS), {"owner": "C-001", "country": "RU", "power_min": "1"})


# ---- exports


def test_an_export_can_be_given_back_and_changes_nothing(stocked):
    Miner.objects.filter(serial="SN-0005").update(firmware="vnish")
    for file_format in ("csv", "xlsx"):
        export = made("site=bratsk", file_format)
        assert (export.job.status, export.rows, export.job.outcome) == (
            JobStatus.DONE,
            5,
            f"5 rows in {export.filename}.",
        )
        assert counts(planned(content(export))) == (0, 0, 5, 0)


def test_cells_that_a_spreadsheet_would_run_are_shown_instead(stocked):
    rows = list(csv.DictReader(io.StringIO(content(made()).decode())))
    assert [row["serial"] for row in rows] == [f"SN-000{n}" for n in range(1, 6)]
    assert (rows[4]["firmware"], rows[4]["ths"], rows[0]["ths"]) == ("'=cmd|'/C calc'!A0", "95.4", "95")
    sheet = load_workbook(io.BytesIO(content(made(file_format="xlsx"))))["miners"]
    cells = {cell.value: cell for cell in sheet[6]}
    assert cells["'=cmd|'/C calc'!A0"].data_type == "s"
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]


def test_only_what_was_asked_for_is_written_and_it_is_in_the_trail(stocked, cast):
    export = made("contains=0003", by=cast.auditor)
    assert export.rows == 1
    entry = TrailEntry.objects.get(verb="export.asked")
    assert (entry.actor, entry.detail) == (cast.auditor, {"query": "contains=0003"})


def test_rows_come_batch_by_batch_each_once(stocked, monkeypatch):
    monkeypatch.setattr(writing, "ROWS_A_BATCH", 2)
    monkeypatch.setattr(writing, "PIECE_BYTES", 100)
    export = made()
    assert (export.rows, export.job.done, export.job.total) == (5, 5, 5)
    assert export.pieces.count() > 5
    assert len(content(export)) == export.size


def test_an_export_that_is_stopped_leaves_nothing(stocked, monkeypatch):
    monkeypatch.setattr(writing, "ROWS_A_BATCH", 2)
    export = verbs.ask_export("miners", "", "csv", by=None)
    shown = writing.source_of("miners").shown

    def stop_at_the_third(row):
        if row[0] == "SN-0003":
            cancel(Job.objects.get(pk=export.job_id), by=None)
        return shown(row)

    source = writing.source_of("miners")
    monkeypatch.setattr(writing, "source_of", lambda name: _with(source, shown=stop_at_the_third))
    run(export.job_id)
    export.refresh_from_db()
    assert Job.objects.get(pk=export.job_id).status == JobStatus.CANCELLED
    assert (export.finished_at, ExportPiece.objects.count()) == (None, 0)


def _with(source, **changes):
    from dataclasses import replace

    return replace(source, **changes)


def test_a_run_after_a_killed_one_writes_the_whole_file_once(stocked):
    export = verbs.ask_export("miners", "", "csv", by=None)
    ExportPiece.objects.create(export=export, number=0, content=b"half")
    run(export.job_id)
    first = content(export)
    assert first.count(b"\n") == 6
    Job.objects.filter(pk=export.job_id).update(status=JobStatus.RUNNING, finished_at=None)
    run(export.job_id)
    assert content(export) == first


def test_more_rows_than_a_sheet_holds_are_refused_with_the_way_out(stocked, monkeypatch):
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 4)
    export = made(file_format="xlsx")
    assert export.job.status == JobStatus.FAILED
    assert "Ask for CSV" in export.job.outcome
    assert made().job.status == JobStatus.DONE


def test_a_file_is_kept_for_a_week_and_the_export_for_good(stocked, cast, as_user):
    export = made()
    assert expire_exports() == 0
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert expire_exports() == 1
    answer = as_user(cast.auditor).get(f"/api/v1/exports/{export.pk}/file/")
    assert (answer.status_code, "no longer kept" in answer.json()["detail"]) == (400, True)
    assert Export.objects.get().rows == 5


def test_an_export_is_asked_for_and_fetched_through_the_api(stocked, cast, as_user):
    client = as_user(cast.auditor)
    given = json.dumps({"query": "site=bratsk", "file_format": "csv"})
    asked_for = client.post("/api/v1/exports/", given, content_type="application/json")
    row = asked_for.json()
    assert (asked_for.status_code, row["job_status"], row["finished_at"]) == (202, "queued", None)
    early = client.get(f"/api/v1/exports/{row['id']}/file/")
    assert "not finished" in early.json()["detail"]
    run(row["job"])
    file = client.get(f"/api/v1/exports/{row['id']}/file/")
    assert b"".join(file.streaming_content).count(b"\n") == 6
    assert file["Content-Disposition"].endswith('.csv"')
    assert as_user(cast.customer).get(f"/api/v1/exports/{row['id']}/file/").status_code == 403


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"query": "colour=red"}, "not a filter"),
        ({"list": "parts"}, "no list"),
        ({"query": "contains=abc"}, "four characters"),
    ],
)
def test_an_export_of_nothing_known_is_refused(cast, as_user, given, why):
    answer = as_user(cast.auditor).post("/api/v1/exports/", given, content_type="application/json")
    assert (answer.status_code, why in answer.json()["detail"]) == (400, True)
    assert not Export.objects.exists()


def test_the_list_is_exported_by_its_button_and_chosen_rows_by_the_act(stocked, cast, as_user):
    client = as_user(cast.auditor)
    client.post(reverse("admin:fleet_miner_export"), {"query": "q=0003", "format": "xlsx"})
    keys = list(Miner.objects.filter(serial__lte="SN-0002").values_list("pk", flat=True))
    client.post(reverse(MINERS), {"action": "export_csv", "_selected_action": keys})
    every = {"action": "export_csv", "_selected_action": keys, "select_across": "1"}
    client.post(f"{reverse(MINERS)}?site__id__exact={stocked.bratsk.pk}", every)
    for export in Export.objects.all():
        run(export.job_id)
    rows = list(Export.objects.order_by("id").values_list("file_format", "rows"))
    assert rows == [("xlsx", 1), ("csv", 2), ("csv", 5)]
    shown = client.get(reverse("admin:fleet_export_changelist")).content.decode()
    assert shown.count("Download") == 3
    file = client.get(reverse("admin:fleet_export_file", args=[Export.objects.first().pk]))
    assert file.status_code == 200
