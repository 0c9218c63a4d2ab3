"""The post-raid checklist at every site where people work, judged from the facts of the day."""

from compliance.checklist.models import ChecklistRun
from compliance.checklist.reads import site_facts
from compliance.checklist.templates import Item, template_of
from compliance.checklist.values import Line, SiteFacts
from compliance.reports.parts import Checklist, ChecklistItem
from compliance.reports.sections.persons import Persons, persons_in_sight
from compliance.reports.sections.scope import Scope
from compliance.workforce.reads import contractors_at, records_at

TEMPLATE = "post-raid"


def build_checklists(scope: Scope) -> tuple[Checklist, ...]:
    """Sites by name: those with workers or contractors on the day, and those where it has been run."""
    wanted = {row.site_id for row in records_at(scope.day, scope.site_ids)}
    wanted |= {row.site_id for row in contractors_at(scope.day, scope.site_ids)}
    runs = ChecklistRun.objects.filter(template=TEMPLATE, as_of__lte=scope.day)
    wanted |= set(runs.values_list("site_id", flat=True))
    persons = persons_in_sight()
    found = []
    for site_id, site in scope.sites.items():
        if site_id in wanted:
            facts = site_facts(site, TEMPLATE, scope.day)
            items = tuple(_item(item, facts, persons) for item in template_of(TEMPLATE).items)
            found.append(Checklist(site.code, site.name, items))
    return tuple(found)


def _item(item: Item, facts: SiteFacts, persons: Persons) -> ChecklistItem:
    outcome = item.judge(facts)
    return ChecklistItem(
        code=item.code,
        title=str(item.title),
        outcome=outcome.state,
        measured=tuple(persons.without_names(_words(line)) for line in outcome.lines),
        missing=tuple(persons.without_names(words) for words in outcome.missing),
        source=item.source,
    )


def _words(line: Line) -> str:
    """A line with its count, where it counts something."""
    return f"{line.text}: {line.done:,} / {line.whole:,}" if line.whole else line.text
