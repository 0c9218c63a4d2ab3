"""Readings and five-minute windows by daily partitions; the latest reading is kept in place."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

# (miner_id, at) answers the history of one miner in a millisecond, BRIN the roll-up of one window; a day
# is dropped as a whole. Both measured for 100,000 miners.
PARTITIONED = """
create table fleet_reading (
    miner_id bigint not null,
    at timestamptz not null,
    ghs integer,
    power_w integer,
    temp_c smallint,
    is_reachable boolean not null,
    is_hashing boolean not null,
    primary key (miner_id, at)
) partition by range (at);
create index reading_at on fleet_reading using brin (at);
create table fleet_uptimewindow (
    miner_id bigint not null,
    window_at timestamptz not null,
    site_id bigint not null,
    readings smallint not null,
    is_reachable boolean not null,
    is_hashing boolean not null,
    ghs integer,
    power_w integer,
    primary key (miner_id, window_at)
) partition by range (window_at);
"""
GONE = "drop table fleet_uptimewindow; drop table fleet_reading;"
# Half empty pages: the next reading of a miner finds room beside the one before (86 % of updates, against
# none on full pages).
IN_PLACE = """
alter table fleet_latestreading set (fillfactor = 50);
alter table fleet_uptimeday set (fillfactor = 70);
"""
# Who told a MAC and no serial is found by it; miners without one cost nothing here.
BY_MAC = "create index fleet_miner_mac on fleet_miner (mac) where mac <> '';"


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0005_touched"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LatestReading",
            fields=[
                (
                    "miner",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="latest_reading",
                        serialize=False,
                        to="fleet.miner",
                        verbose_name="miner",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("ghs", models.IntegerField(null=True, verbose_name="hashrate, GH/s")),
                ("power_w", models.IntegerField(null=True, verbose_name="power, W")),
                ("temp_c", models.SmallIntegerField(null=True, verbose_name="hottest, °C")),
                ("is_reachable", models.BooleanField(verbose_name="reachable")),
                ("is_hashing", models.BooleanField(verbose_name="hashing")),
            ],
            options={
                "verbose_name": "latest reading",
                "verbose_name_plural": "latest readings",
            },
        ),
        migrations.CreateModel(
            name="RollUp",
            fields=[
                ("window_at", models.DateTimeField(primary_key=True, serialize=False, verbose_name="from")),
                ("is_waiting", models.BooleanField(default=True, verbose_name="waiting")),
                ("rolled_at", models.DateTimeField(null=True, verbose_name="rolled up at")),
            ],
            options={
                "verbose_name": "roll-up",
                "verbose_name_plural": "roll-ups",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_waiting", True)), fields=["window_at"], name="roll_up_waiting"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SeenParts",
            fields=[
                (
                    "miner",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="seen_parts",
                        serialize=False,
                        to="fleet.miner",
                        verbose_name="miner",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("digest", models.BigIntegerField(verbose_name="digest")),
                ("parts", models.JSONField(default=list, verbose_name="parts")),
                (
                    "board_family",
                    models.CharField(default="unknown", max_length=40, verbose_name="control board family"),
                ),
                ("firmware", models.CharField(blank=True, max_length=80, verbose_name="firmware")),
                ("mac", models.CharField(blank=True, max_length=17, verbose_name="MAC")),
                ("is_waiting", models.BooleanField(default=True, verbose_name="waiting")),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="remark")),
            ],
            options={
                "verbose_name": "parts seen",
                "verbose_name_plural": "parts seen",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_waiting", True)), fields=["miner"], name="seen_parts_waiting"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_at", models.DateTimeField(verbose_name="taken at")),
                (
                    "form",
                    models.CharField(
                        choices=[("compact", "compact"), ("pyasic", "pyasic")],
                        max_length=8,
                        verbose_name="form",
                    ),
                ),
                ("readings", models.IntegerField(verbose_name="readings")),
                ("accepted", models.IntegerField(verbose_name="accepted")),
                ("known", models.IntegerField(verbose_name="known already")),
                ("refused", models.IntegerField(verbose_name="refused")),
                ("refused_by_reason", models.JSONField(default=dict, verbose_name="refused by reason")),
                ("unknown", models.IntegerField(verbose_name="of unknown miners")),
                ("unknown_named", models.JSONField(default=list, verbose_name="some unknown miners")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "batch of readings",
                "verbose_name_plural": "batches of readings",
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["taken_at"], name="reading_batch_taken_at"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "readings",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("accepted"), "+", models.F("known")
                                        ),
                                        "+",
                                        models.F("refused"),
                                    ),
                                    "+",
                                    models.F("unknown"),
                                ),
                            )
                        ),
                        name="reading_batch_adds_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UptimeDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "miner_id",
                        "counted_on",
                        "site_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("counted_on", models.DateField(verbose_name="on")),
                ("site_id", models.BigIntegerField(verbose_name="site")),
                ("observed", models.SmallIntegerField(verbose_name="windows with readings")),
                ("reachable", models.SmallIntegerField(verbose_name="windows reachable")),
                ("hashing", models.SmallIntegerField(verbose_name="windows hashing")),
                (
                    "miner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="uptime_days",
                        to="fleet.miner",
                        verbose_name="miner",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of uptime",
                "verbose_name_plural": "days of uptime",
                "indexes": [models.Index(fields=["site_id", "counted_on"], name="uptime_day_site")],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="UptimeWindow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "miner_id",
                                "window_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("window_at", models.DateTimeField(verbose_name="from")),
                        ("site_id", models.BigIntegerField(verbose_name="site")),
                        ("readings", models.SmallIntegerField(verbose_name="readings")),
                        ("is_reachable", models.BooleanField(verbose_name="reachable")),
                        ("is_hashing", models.BooleanField(verbose_name="hashing")),
                        ("ghs", models.IntegerField(null=True, verbose_name="hashrate, GH/s")),
                        ("power_w", models.IntegerField(null=True, verbose_name="power, W")),
                        (
                            "miner",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="windows",
                                to="fleet.miner",
                                verbose_name="miner",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "five-minute window",
                        "verbose_name_plural": "five-minute windows",
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "miner_id",
                                "at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("ghs", models.IntegerField(null=True, verbose_name="hashrate, GH/s")),
                        ("power_w", models.IntegerField(null=True, verbose_name="power, W")),
                        ("temp_c", models.SmallIntegerField(null=True, verbose_name="hottest, °C")),
                        ("is_reachable", models.BooleanField(verbose_name="reachable")),
                        ("is_hashing", models.BooleanField(verbose_name="hashing")),
                        (
                            "miner",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="readings",
                                to="fleet.miner",
                                verbose_name="miner",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reading",
                        "verbose_name_plural": "readings",
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="reading_at")
                        ],
                    },
                ),
            ],
            database_operations=[migrations.RunSQL(PARTITIONED, GONE)],
        ),
        migrations.RunSQL(IN_PLACE, migrations.RunSQL.noop),
        migrations.RunSQL(BY_MAC, "drop index fleet_miner_mac;"),
    ]
