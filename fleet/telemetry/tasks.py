from celery import shared_task

from fleet.telemetry import verbs


@shared_task(name="fleet.keep_reading_partitions")
def keep_reading_partitions() -> int:
    """Make the partitions of the days ahead and drop those past their time."""
    return verbs.keep_partitions()[0]


@shared_task(name="fleet.roll_up_readings")
def roll_up_readings() -> int:
    """Roll up the five-minute windows that ended."""
    return verbs.roll_up()


@shared_task(name="fleet.add_up_drawn")
def add_up_drawn() -> int:
    """Write what the sites draw by their machines' latest readings."""
    return verbs.add_up_drawn()


@shared_task(name="fleet.follow_readings")
def follow_readings() -> int:
    """Take running miners to the states their readings tell."""
    return verbs.follow_readings()


@shared_task(name="fleet.compare_seen_parts")
def compare_seen_parts() -> int:
    """Compare the parts miners told with those on record."""
    return verbs.compare_seen_parts()
