"""The table of rules as the report cites it."""

from compliance.findings.rules import RULES
from compliance.reports.parts import RuleRow


def rule_rows() -> tuple[RuleRow, ...]:
    """Every rule with its version, what it looks at and what may come of it."""
    return tuple(
        RuleRow(f"{rule.code} {rule.version}", f"{rule.title}: {rule.judges}; {rule.standings}.")
        for rule in RULES
    )
