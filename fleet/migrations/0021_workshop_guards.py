"""What was told under a ticket is not emptied away."""

from django.db import migrations

GUARDS = """
create trigger no_truncate before truncate on fleet_ticketnote
    for each statement execute function kit_no_truncate();
create trigger no_truncate before truncate on fleet_swap
    for each statement execute function kit_no_truncate();
"""
BACK = "drop trigger no_truncate on fleet_ticketnote; drop trigger no_truncate on fleet_swap;"


class Migration(migrations.Migration):
    dependencies = [("fleet", "0020_workshop"), ("kit", "0002_floor")]
    operations = [migrations.RunSQL(GUARDS, BACK)]
