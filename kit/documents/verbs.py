import hashlib
from datetime import date
from typing import Any

from kit.documents.models import Document
from kit.errors import Refusal


def store(
    *,
    kind: str,
    number: str,
    title: str,
    filename: str,
    content: bytes,
    media_type: str = "application/pdf",
    language: str = "en",
    as_of: date | None = None,
    sources: dict[str, Any] | None = None,
    is_synthetic: bool = False,
) -> Document:
    """Keep a finished file under its number; storing the same bytes again returns the document kept first.

    Raises: Refusal if the number is taken by other bytes.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    document, created = Document.objects.get_or_create(
        number=number,
        defaults={
            "kind": kind,
            "title": title,
            "filename": filename,
            "media_type": media_type,
            "language": language,
            "as_of": as_of,
            "sha256": sha256,
            "size": len(content),
            "content": content,
            "sources": sources or {},
            "is_synthetic": is_synthetic,
        },
    )
    if not created and document.sha256 != sha256:
        raise Refusal(
            f"Document {number} exists with other contents. Give the new edition a number of its own."
        )
    return document
