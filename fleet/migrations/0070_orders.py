from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fleet", "0060_what_readings_set_off")]

    operations = [
        migrations.AlterField(
            model_name="miner",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=models.deletion.PROTECT,
                to="fleet.owner",
                verbose_name="owner",
            ),
        ),
        migrations.AddIndex("miner", models.Index(fields=["owner", "serial"], name="miner_owner_serial")),
        migrations.AddIndex(
            "miner",
            models.Index(
                fields=["rack", "serial"],
                name="miner_rack_serial",
                condition=models.Q(("rack__isnull", False)),
            ),
        ),
        migrations.AddIndex("miner", models.Index(fields=["power_w", "id"], name="miner_power")),
        migrations.AddIndex("miner", models.Index(fields=["ghs", "id"], name="miner_ghs")),
        migrations.AddIndex(
            "stay",
            models.Index(
                fields=["from_at"], name="stay_open_from", condition=models.Q(("to_at__isnull", True))
            ),
        ),
    ]
