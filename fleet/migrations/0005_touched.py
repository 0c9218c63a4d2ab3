"""Whoever changes a miner changes its `changed_at`, also in bulk and by hand; pieces of files are not compressed."""

from django.db import migrations

TOUCHED = """
create function fleet_miner_touched() returns trigger language plpgsql as $$
begin
    new.changed_at := clock_timestamp();
    return new;
end $$;
create trigger touched before update on fleet_miner for each row
    when (old.changed_at = new.changed_at and old.* is distinct from new.*)
    execute function fleet_miner_touched();
alter table fleet_importpiece alter column content set storage external;
"""


class Migration(migrations.Migration):
    dependencies = [("fleet", "0004_import_pieces")]
    operations = [
        migrations.RunSQL(
            TOUCHED, "drop trigger touched on fleet_miner; drop function fleet_miner_touched();"
        )
    ]
