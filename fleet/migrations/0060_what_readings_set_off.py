"""What readings set off: figures for the rules, tickets of places, curtailments, what a site draws."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# One window of all miners is read at once; they are written in the order of time.
BY_TIME = "create index uptime_window_at on fleet_uptimewindow using brin (window_at);"


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0050_past_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Curtailment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_at", models.DateTimeField(verbose_name="from")),
                (
                    "to_at",
                    models.DateTimeField(
                        blank=True, help_text="blank: until further notice", null=True, verbose_name="to"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("grid", "called by the grid operator"),
                            ("price", "power price"),
                            ("contract", "power contract"),
                            ("maintenance", "maintenance"),
                            ("authority", "order of an authority"),
                            ("other", "other"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="who said so, and where it is written",
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                ("is_synthetic", models.BooleanField(default=False, verbose_name="synthetic")),
            ],
            options={
                "verbose_name": "curtailment",
                "verbose_name_plural": "curtailments",
            },
        ),
        migrations.CreateModel(
            name="CurtailmentRowhistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("from_at", models.DateTimeField(verbose_name="from")),
                (
                    "to_at",
                    models.DateTimeField(
                        blank=True, help_text="blank: until further notice", null=True, verbose_name="to"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("grid", "called by the grid operator"),
                            ("price", "power price"),
                            ("contract", "power contract"),
                            ("maintenance", "maintenance"),
                            ("authority", "order of an authority"),
                            ("other", "other"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="who said so, and where it is written",
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                ("is_synthetic", models.BooleanField(default=False, verbose_name="synthetic")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="site",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="site",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="ticket",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="ticket",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="ticket",
            name="ticket_on_a_miner_or_a_part",
        ),
        migrations.AddField(
            model_name="latestreading",
            name="boards_missing",
            field=models.SmallIntegerField(null=True, verbose_name="hashboards missing"),
        ),
        migrations.AddField(
            model_name="latestreading",
            name="fans_stopped",
            field=models.SmallIntegerField(null=True, verbose_name="fans standing still"),
        ),
        migrations.AddField(
            model_name="reading",
            name="boards_missing",
            field=models.SmallIntegerField(null=True, verbose_name="hashboards missing"),
        ),
        migrations.AddField(
            model_name="reading",
            name="fans_stopped",
            field=models.SmallIntegerField(null=True, verbose_name="fans standing still"),
        ),
        migrations.AddField(
            model_name="site",
            name="drawn_machines",
            field=models.IntegerField(
                blank=True,
                editable=False,
                help_text="blank: nobody's readings",
                null=True,
                verbose_name="machines added up",
            ),
        ),
        migrations.AddField(
            model_name="siterowhistory",
            name="drawn_machines",
            field=models.IntegerField(
                blank=True,
                editable=False,
                help_text="blank: nobody's readings",
                null=True,
                verbose_name="machines added up",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="feed",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="fleet.powerfeed",
                verbose_name="feed",
            ),
        ),
        migrations.AddField(
            model_name="ticketrowhistory",
            name="feed",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="fleet.powerfeed",
                verbose_name="feed",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "fleet_siterowhistory" ("closed_on", "code", "confidence", "country", "drawn_at", "drawn_basis", "drawn_machines", "drawn_w", "energized_w", "id", "is_synthetic", "locality", "name", "nameplate_w", "opened_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "source", "time_zone") SELECT old_values."closed_on", old_values."code", old_values."confidence", old_values."country", old_values."drawn_at", old_values."drawn_basis", old_values."drawn_machines", old_values."drawn_w", old_values."energized_w", old_values."id", old_values."is_synthetic", old_values."locality", old_values."name", old_values."nameplate_w", old_values."opened_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."region", old_values."source", old_values."time_zone" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b768c0310f94757af1329842f7f2144aa91ec911",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ef56e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="fleet_site",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "fleet_siterowhistory" ("closed_on", "code", "confidence", "country", "drawn_at", "drawn_basis", "drawn_machines", "drawn_w", "energized_w", "id", "is_synthetic", "locality", "name", "nameplate_w", "opened_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "source", "time_zone") SELECT old_values."closed_on", old_values."code", old_values."confidence", old_values."country", old_values."drawn_at", old_values."drawn_basis", old_values."drawn_machines", old_values."drawn_w", old_values."energized_w", old_values."id", old_values."is_synthetic", old_values."locality", old_values."name", old_values."nameplate_w", old_values."opened_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."region", old_values."source", old_values."time_zone" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="0cf73aa5130088e7d775de4e78f703f38d27f771",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ff2bf",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="fleet_site",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "fleet_ticketrowhistory" ("closed_at", "fault", "feed_id", "id", "is_synthetic", "miner_id", "miner_was", "opened_at", "opened_by_id", "outcome", "part_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "repaired_at", "rma_id", "rule", "sent_out_at", "severity", "site_id", "status", "taken_at", "taken_by_id", "text", "work_by", "worker", "worker_number") SELECT old_values."closed_at", old_values."fault", old_values."feed_id", old_values."id", old_values."is_synthetic", old_values."miner_id", old_values."miner_was", old_values."opened_at", old_values."opened_by_id", old_values."outcome", old_values."part_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."repaired_at", old_values."rma_id", old_values."rule", old_values."sent_out_at", old_values."severity", old_values."site_id", old_values."status", old_values."taken_at", old_values."taken_by_id", old_values."text", old_values."work_by", old_values."worker", old_values."worker_number" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d964c58907e8125dce33b0164c3876966442de25",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_61bbc",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="fleet_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "fleet_ticketrowhistory" ("closed_at", "fault", "feed_id", "id", "is_synthetic", "miner_id", "miner_was", "opened_at", "opened_by_id", "outcome", "part_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "repaired_at", "rma_id", "rule", "sent_out_at", "severity", "site_id", "status", "taken_at", "taken_by_id", "text", "work_by", "worker", "worker_number") SELECT old_values."closed_at", old_values."fault", old_values."feed_id", old_values."id", old_values."is_synthetic", old_values."miner_id", old_values."miner_was", old_values."opened_at", old_values."opened_by_id", old_values."outcome", old_values."part_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."repaired_at", old_values."rma_id", old_values."rule", old_values."sent_out_at", old_values."severity", old_values."site_id", old_values."status", old_values."taken_at", old_values."taken_by_id", old_values."text", old_values."work_by", old_values."worker", old_values."worker_number" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="5091bb609e18543767a761d45ec7a58dfe6bddb6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_15a7c",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="fleet_ticket",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("miner__isnull", False),
                    ("part__isnull", False),
                    ("site__isnull", False),
                    _connector="OR",
                ),
                name="ticket_on_a_miner_a_part_or_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("status", "closed"), _negated=True),
                    ("miner__isnull", True),
                    ("part__isnull", True),
                ),
                fields=("site", "feed", "fault"),
                name="one_standing_ticket_of_a_place",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="curtailment",
            name="feed",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="blank: the whole site",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="fleet.powerfeed",
                verbose_name="feed",
            ),
        ),
        migrations.AddField(
            model_name="curtailment",
            name="site",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="curtailments",
                to="fleet.site",
                verbose_name="site",
            ),
        ),
        migrations.AddField(
            model_name="curtailmentrowhistory",
            name="feed",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="blank: the whole site",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="fleet.powerfeed",
                verbose_name="feed",
            ),
        ),
        migrations.AddField(
            model_name="curtailmentrowhistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="fleet.curtailment",
            ),
        ),
        migrations.AddField(
            model_name="curtailmentrowhistory",
            name="site",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="fleet.site",
                verbose_name="site",
            ),
        ),
        migrations.AddIndex(
            model_name="curtailment",
            index=models.Index(fields=["site", "from_at"], name="curtailment_site_from"),
        ),
        migrations.AddConstraint(
            model_name="curtailment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_at__isnull", True), ("to_at__gt", models.F("from_at")), _connector="OR"
                ),
                name="curtailment_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="curtailment",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="curtailment_has_a_source"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="curtailment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "fleet_curtailmentrowhistory" ("feed_id", "from_at", "id", "is_synthetic", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "site_id", "source", "to_at") SELECT old_values."feed_id", old_values."from_at", old_values."id", old_values."is_synthetic", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', old_values."id", old_values."reason", old_values."site_id", old_values."source", old_values."to_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="48dae465abea211e6770d1519ecbb09203bd8ddf",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_94cac",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="fleet_curtailment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="curtailment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "fleet_curtailmentrowhistory" ("feed_id", "from_at", "id", "is_synthetic", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "site_id", "source", "to_at") SELECT old_values."feed_id", old_values."from_at", old_values."id", old_values."is_synthetic", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason", old_values."site_id", old_values."source", old_values."to_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="fca29778f9147e15b1dcfb0e8d39fc31276214ce",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_971ab",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="fleet_curtailment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="curtailmentrowhistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5bd4dad4422339bec6ddd76af4b05e7185dd345b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a1228",
                    table="fleet_curtailmentrowhistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(BY_TIME, "drop index uptime_window_at;"),
    ]
