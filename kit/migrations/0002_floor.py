from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

# Only the test-suite may empty tables; it says so for its own database.
NO_TRUNCATE = """
create function kit_no_truncate() returns trigger language plpgsql as $$
begin
    if current_setting('pithead.may_truncate', true) is distinct from 'on' then
        raise exception 'table % is append-only and may not be truncated', tg_table_name;
    end if;
    return null;
end $$;
create trigger no_truncate before truncate on kit_trailentry
    for each statement execute function kit_no_truncate();
create trigger no_truncate before truncate on kit_document
    for each statement execute function kit_no_truncate();
"""


class Migration(migrations.Migration):
    """Trigrams find a fragment of a serial; btree_gist keeps stays from overlapping; no table is emptied."""

    dependencies = [("kit", "0001_initial")]
    run_before = [("fleet", "0001_initial")]
    operations = [TrigramExtension(), BtreeGistExtension(), migrations.RunSQL(NO_TRUNCATE)]
