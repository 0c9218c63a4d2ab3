from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from kit.accounts.gates import needs
from kit.documents.models import Document


def as_download(document: Document) -> HttpResponse:
    """The stored bytes under their file name."""
    response = HttpResponse(bytes(document.content), content_type=document.media_type)
    response["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@needs("reports.view")
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a document to a member of staff."""
    return as_download(get_object_or_404(Document, pk=pk))
