import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0080_shipment_job"),
        ("kit", "0040_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "miner_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="miners"
                    ),
                ),
                (
                    "machines",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func("miner_ids", function="cardinality"),
                        output_field=models.IntegerField(),
                        verbose_name="machines",
                    ),
                ),
                ("query", models.TextField(blank=True, verbose_name="query")),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="chosen at"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chosen by",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kit.job",
                        verbose_name="job",
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of miners",
                "verbose_name_plural": "choices of miners",
            },
        ),
    ]
