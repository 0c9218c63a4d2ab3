"""What beat rings for, and how often; every bell only looks for rows that wait."""

SCHEDULE = {
    "ring waiting jobs": {"task": "kit.jobs.ring_waiting_jobs", "schedule": 10.0},
    "forget answers": {"task": "kit.forget_answers", "schedule": 3600.0},
    "drop old import plans": {"task": "fleet.expire_import_plans", "schedule": 3600.0},
    "keep partitions of readings": {"task": "fleet.keep_reading_partitions", "schedule": 3600.0},
    "roll up readings": {"task": "fleet.roll_up_readings", "schedule": 60.0},
    "follow readings": {"task": "fleet.follow_readings", "schedule": 60.0},
    "watch readings": {"task": "fleet.watch_readings", "schedule": 300.0},
    "add up what is drawn": {"task": "fleet.add_up_drawn", "schedule": 300.0},
    "compare parts seen": {"task": "fleet.compare_seen_parts", "schedule": 60.0},
    "make snapshots": {"task": "fleet.make_snapshots", "schedule": 3600.0},
    "drop old exports": {"task": "fleet.expire_exports", "schedule": 3600.0},
    "forget choices": {"task": "fleet.forget_choices", "schedule": 3600.0},
    "screen parties": {"task": "compliance.screen_changed", "schedule": 1800.0},
    "run findings": {"task": "compliance.run_findings", "schedule": 3600.0},
    "make due reports": {"task": "compliance.make_due_reports", "schedule": 60.0},
}
