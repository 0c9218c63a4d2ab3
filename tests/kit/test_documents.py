"""Stored files and the encryption of document numbers."""

import hashlib

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kit.documents.models import Document
from kit.documents.verbs import store
from kit.errors import Refusal
from kit.secrets import EncryptedTextField

pytestmark = pytest.mark.django_db


def one(content: bytes = b"bytes", number: str = "D-1") -> Document:
    return store(kind="test", number=number, title="A file", filename="a.pdf", content=content)


def test_a_document_keeps_its_hash_and_size():
    document = one()
    assert document.sha256 == hashlib.sha256(b"bytes").hexdigest()
    assert document.size == 5


def test_storing_the_same_bytes_again_changes_nothing():
    assert one().pk == one().pk
    assert Document.objects.count() == 1


def test_other_bytes_under_the_same_number_are_refused():
    one()
    with pytest.raises(Refusal, match="D-1 exists with other contents"):
        one(b"other")


def test_a_document_is_never_changed_or_deleted():
    document = one()
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(title="Another")
    with pytest.raises(DatabaseError), transaction.atomic():
        document.delete()


def test_only_staff_who_may_read_reports_download(cast, as_user):
    url = f"/admin/documents/{one().pk}/"
    assert as_user(cast.auditor).get(url).content == b"bytes"
    assert as_user(cast.technician).get(url).status_code == 403
    assert as_user(cast.customer).get(url).status_code == 403


def test_encrypted_text_is_not_readable_in_the_database():
    field = EncryptedTextField()
    stored = field.get_prep_value("E12345678")
    assert stored is not None
    assert "E12345678" not in stored
    assert field.from_db_value(stored, None, connection) == "E12345678"
    with pytest.raises(Refusal, match="cannot be decrypted"):
        field.from_db_value("gAAAAABnot-a-token", None, connection)
