"""Prepare a finished file for long keeping: output colours, XMP description, repeatable bytes.

The result is checked against an allowlist by pikepdf. It has not been through veraPDF, so no page and no
screen may call it PDF/A.
"""

import re
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
from pikepdf import pdfa

from kit.errors import Refusal

FLAVOUR = "2b"
_METADATA_DATE = re.compile(rb"(<xmp:MetadataDate>)[^<]*(<)|(xmp:MetadataDate=\")[^\"]*(\")")


def archive(pdf: bytes, at: datetime) -> bytes:
    """The same pages in archive form, dated by the data time; equal input gives equal bytes.

    Raises: Refusal naming the first reasons when the check does not accept the file.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            if "/Trans" in page.obj:
                del page.obj["/Trans"]  # reportlab writes an empty page transition
        pdfa.prepare(document, FLAVOUR)
        _fix_metadata_date(document, at)
        out = BytesIO()
        try:
            pdfa.save(document, out, FLAVOUR, repair=False, deterministic_id=True)
        except pdfa.PdfaError as error:
            reasons = "; ".join(str(finding.message) for finding in error.report.findings[:3])
            raise Refusal(f"The file cannot be kept in archive form: {reasons}", where="archive") from error
    return out.getvalue()


def _fix_metadata_date(document: pikepdf.Pdf, at: datetime) -> None:
    """Replace the time of preparation, which is now, by the data time."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00").encode()
    stream = document.Root.Metadata
    described = _METADATA_DATE.sub(lambda m: (m[1] or m[3]) + stamp + (m[2] or m[4]), stream.read_bytes())
    stream.write(described)
