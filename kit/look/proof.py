"""That a share is counted in a published total: the path to the root and a code that opens the check."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext


def qr_code(address: str) -> SafeString:
    """A QR code as one path; its ground stays white in both themes and it is never mirrored."""
    import qrcode  # only where it is used: it loads PIL, which is heavy

    code = qrcode.QRCode(border=0, box_size=1)
    code.add_data(address)
    code.make()
    rows = code.get_matrix()
    dots = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    path = mark_safe(f'<path d="{dots}"/>')
    frame = '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">{2}</svg>'
    return format_html(frame, len(rows), gettext("QR code that opens the check of this share"), path)
