"""The statement: the same bytes from the same facts, with a proof that holds and figures that re-add."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosting.liquidation.drawing import statement_pdf
from hosting.liquidation.models import Statement
from hosting.liquidation.proof import Neighbour, leads_to, path_of, root_of, tree
from hosting.liquidation.reads import statements_of
from hosting.liquidation.statements import path_in
from hosting.parties.verbs import place_hold
from tests.hosting.statement_values import statement_value


@given(count=st.integers(1, 70))
def test_every_leaf_of_a_tree_of_any_size_leads_to_the_root(count):
    leaves = [hashlib.sha256(bytes([0, n])).digest() for n in range(count)]
    levels = tree(leaves)
    for place, leaf in enumerate(leaves):
        path = path_of(levels, place)
        assert leads_to(leaf, path, root_of(levels))
        assert not leads_to(hashlib.sha256(leaf).digest(), path, root_of(levels))


def test_the_tree_is_that_of_rfc_9162():
    a, b, c = (hashlib.sha256(bytes([0, n])).digest() for n in range(3))
    joined = hashlib.sha256(b"\1" + hashlib.sha256(b"\1" + a + b).digest() + c).hexdigest()
    assert root_of(tree([a, b, c])) == joined
    assert root_of(tree([])) == hashlib.sha256(b"").hexdigest()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


def test_the_paper_says_what_an_owner_needs():
    value = statement_value()
    said = text_of(statement_pdf(value))
    for words in (
        "14,945.12",
        "C-0417",
        "SYN0417000",
        "24,913,490.85",
        "26,412,500.00",
        "−184,320.00",
        "Prepared by Marin, sale approved by Lindqvist",
        "17 Jul 2022",
        "CONTAINS SYNTHETIC DATA",
        value.facts.root[:8],
        value.path[0].digest[:8],
    ):
        assert words in said, words


def test_a_set_aside_share_says_so_without_a_hint_at_the_reason():
    said = text_of(statement_pdf(statement_value(is_set_aside=True)))
    assert "Set aside" in said
    assert "does not shrink" in said
    for word in ("sanction", "list", "screening", "confiscat", "illegal"):
        assert word not in said.lower()


@pytest.mark.parametrize("machines", [1, 7, 8, 60, 300])
def test_every_serial_is_on_the_paper_however_many(machines):
    said = text_of(statement_pdf(statement_value(machines=machines)))
    for k in range(machines):
        assert f"SYN0417{k:03d}" in said


def test_a_line_that_nobody_could_draw_is_not_drawn_over_another():
    long = replace(statement_value().facts, costs=statement_value().facts.costs * 30)
    assert "other items" in text_of(statement_pdf(replace(statement_value(), facts=long)))


def test_the_same_value_gives_the_same_bytes_here_and_in_another_process():
    here = hashlib.sha256(statement_pdf(statement_value())).hexdigest()
    program = (
        "import django, hashlib; django.setup()\n"
        "from hosting.liquidation.drawing import statement_pdf\n"
        "from tests.hosting.statement_values import statement_value\n"
        "print(hashlib.sha256(statement_pdf(statement_value())).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here


def test_each_owner_gets_one_statement_whose_proof_holds(story, cast):
    place_hold(story.owners[1], reason="x", by=cast.compliance_officer)
    case = story.upto("issue_statements")
    statements = list(Statement.objects.select_related("share__party", "document"))
    assert len(statements) == 7
    for statement in statements:
        document = statement.document
        assert document.number == f"{case.number}-{statement.share.line:04d}"
        assert hashlib.sha256(bytes(document.content)).hexdigest() == document.sha256
        leaf = document.sources["leaf"]
        assert json.loads(leaf)["amount_cents"] == statement.share.amount_cents
        digest = hashlib.sha256(b"\0" + leaf.encode()).digest()
        assert leads_to(digest, path_in(document), case.proof_root)
        assert document.is_synthetic
    held = next(one for one in statements if one.share.party == story.owners[1])
    assert "Set aside" in text_of(bytes(held.document.content))


def test_statements_of_a_customer_cost_one_query(story, django_assert_num_queries):
    story.upto("issue_statements")
    with django_assert_num_queries(1):
        found = list(statements_of([story.owners[0].pk, story.owners[4].pk]))
        assert {one.share.party.pk for one in found} == {story.owners[0].pk, story.owners[4].pk}
        assert all(one.document.sha256 for one in found)


def test_a_false_neighbour_does_not_lead_to_the_root():
    value = statement_value()
    leaf = bytes.fromhex(value.leaf_digest)
    assert leads_to(leaf, value.path, value.facts.root)
    wrong = (Neighbour("L" if value.path[0].side == "R" else "R", value.path[0].digest), *value.path[1:])
    assert not leads_to(leaf, wrong, value.facts.root)
