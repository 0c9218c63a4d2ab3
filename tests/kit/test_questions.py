"""Questions asked together cost one query and answer what the ORM would."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import Count, Value
from django.test.utils import CaptureQueriesContext

from kit.accounts.models import ApiToken, User
from kit.accounts.tokens import issue_token
from kit.jobs.models import Job
from kit.questions import Question, ask, instances, rows

pytestmark = pytest.mark.django_db
ENDS_AT = datetime(2027, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def tokens() -> Question[list[ApiToken]]:
    return instances(ApiToken.objects.order_by("id"), "user", shape=list)


def test_several_questions_cost_one_query_and_are_asked_once(cast, django_assert_num_queries) -> None:
    names = rows(
        User.objects.order_by("username").values_list("username"), lambda found: [n for (n,) in found]
    )
    counted = Question("select count(*) n from kit_user where role = %(role)s", {"role": "customer"}, list)
    with django_assert_num_queries(1):
        ask(names, counted, None, names)
        assert names.answer == sorted(vars(cast)[role].username for role in vars(cast))
        assert counted.answer == [(2,)]
        ask(names, counted)


def test_a_question_asked_alone_is_one_query(cast, django_assert_num_queries) -> None:
    question = rows(User.objects.values_list("role").annotate(n=Count("pk")).order_by("role"), dict)
    with django_assert_num_queries(1):
        assert question.answer["customer"] == 2


def test_rows_come_as_the_orm_would_give_them(cast, django_assert_num_queries) -> None:
    issue_token(cast.admin, name="“poll” 100 %", by=None, expires_at=ENDS_AT)
    issue_token(cast.finance, name="books", by=None)
    question = tokens()
    with django_assert_num_queries(1):
        found = question.answer
        shown = [(row.name, row.expires_at, row.user.username, row.user.last_login) for row in found]
    known = [
        (row.name, row.expires_at, row.user.username, row.user.last_login)
        for row in ApiToken.objects.select_related("user").order_by("id")
    ]
    assert shown == known
    assert shown[0][1] == ENDS_AT
    assert found == list(ApiToken.objects.order_by("id"))


def test_what_is_annotated_comes_too_and_a_key_that_leads_nowhere_is_none(cast) -> None:
    Job.objects.create(kind="t", title="of somebody", created_by=cast.admin, arguments={"a": [1, None]})
    Job.objects.create(kind="t", title="of nobody")
    marked = Job.objects.annotate(mark=Value("x")).order_by("title")
    found = instances(marked, "created_by", shape=list).answer
    assert [(row.title, row.created_by, row.mark) for row in found] == [  # type: ignore[attr-defined]
        ("of nobody", None, "x"),
        ("of somebody", cast.admin, "x"),
    ]
    assert found[1].arguments == {"a": [1, None]}


def test_what_is_left_out_is_asked_for_when_wanted(cast, django_assert_num_queries) -> None:
    found = instances(User.objects.filter(pk=cast.admin.pk), shape=list, only=["username"]).answer
    with django_assert_num_queries(0):
        assert found[0].username == cast.admin.username
    with django_assert_num_queries(1):
        assert found[0].role == "admin"


def test_nothing_found_and_nothing_to_look_for_are_both_empty(cast) -> None:
    nobody = instances(User.objects.filter(username="nobody"), shape=list)
    none = instances(User.objects.filter(pk__in=[]), shape=list)
    with CaptureQueriesContext(connection) as asked:
        ask(nobody, none)
    assert (nobody.answer, none.answer, len(asked)) == ([], [], 1)


def test_values_are_bound_and_never_read_as_sql(cast) -> None:
    name = "x'); drop table kit_user; -- %s"
    found = Question("select %(name)s::text as name", {"name": name}, list)
    assert found.answer == [(name,)]
    assert rows(User.objects.filter(username=name).values_list("pk"), list).answer == []
