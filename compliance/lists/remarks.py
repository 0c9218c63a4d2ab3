"""What OFAC writes into the remarks of an entry: numbers, wallets and links, one sentence part each."""

import re

from compliance.lists.entries import EntryNumber, country_code

WALLET = "wallet"

LABELS: tuple[tuple[str, str], ...] = (
    # kind, how the remark begins; the longest beginning that fits is taken
    ("tax", "Tax ID No."),
    ("tax", "R.F.C."),
    ("tax", "V.A.T. Number"),
    ("tax", "NIT #"),
    ("tax", "RUC #"),
    ("tax", "RIF #"),
    ("tax", "C.U.I.T."),
    ("tax", "Fiscal Code"),
    ("tax", "Italian Fiscal Code"),
    ("registration", "Registration Number"),
    ("registration", "Registration ID"),
    ("registration", "Company Number"),
    ("registration", "Company ID"),
    ("registration", "Business Registration Number"),
    ("registration", "Business Registration Document #"),
    ("registration", "Commercial Registry Number"),
    ("registration", "Chamber of Commerce Number"),
    ("registration", "Certificate of Incorporation Number"),
    ("registration", "Legal Entity Number"),
    ("registration", "Economic Register Number (CBLS)"),
    ("registration", "Enterprise Number"),
    ("registration", "Public Registration Number"),
    ("registration", "Folio Mercantil No."),
    ("registration", "Matricula Mercantil No"),
    ("registration", "Trade License No."),
    ("registration", "C.R. No."),
    ("lei", "LEI"),
    ("other", "Government Gazette Number"),
    ("other", "Unified Social Credit Code (USCC)"),
    ("other", "D-U-N-S Number"),
    ("other", "Identification Number"),
    ("other", "Vessel Registration Identification IMO"),
    ("other", "SWIFT/BIC"),
)
_KINDS = {label: kind for kind, label in LABELS}
_LABEL = "|".join(re.escape(label) for label in sorted(_KINDS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:alt\. )?(?P<label>{_LABEL}) (?P<value>[^()]+?)(?: \((?P<country>[^()]+)\))?(?: issued .*)?"
)
_WALLET = re.compile(r"(?:alt\. )?Digital Currency Address - (?P<asset>[A-Z0-9]+) (?P<address>[A-Za-z0-9]+)")
_LINK = re.compile(r"Linked To: (?P<name>.+)")


def pieces(remarks: str) -> list[str]:
    """The parts of a remark, without the full stop that ends the whole."""
    return [piece for part in remarks.rstrip().removesuffix(".").split(";") if (piece := part.strip())]


def numbers_in(remarks: str) -> tuple[EntryNumber, ...]:
    """Register numbers with their country, and digital-currency addresses with their asset.

    Shape: a wallet's value is printed as `XBT address`.
    """
    found: dict[EntryNumber, None] = {}
    for piece in pieces(remarks):
        wallet = _WALLET.fullmatch(piece)
        if wallet is not None:
            found[EntryNumber(WALLET, "", f"{wallet['asset']} {wallet['address']}")] = None
            continue
        number = _NUMBER.fullmatch(piece)
        if number is not None:
            country = country_code(number["country"]) if number["country"] else ""
            found[EntryNumber(_KINDS[number["label"]], country, number["value"].strip()[:120])] = None
    return tuple(found)


def linked_to(remarks: str) -> tuple[str, ...]:
    """The names an entry is linked to; a link is not ownership."""
    found = (_LINK.fullmatch(piece) for piece in pieces(remarks))
    return tuple(link["name"].strip() for link in found if link is not None)


def fold_wallet(address: str) -> str:
    """An address as it is compared: hexadecimal and bech32 ones without case, all others with it."""
    bare = address.split()[-1]
    is_caseless = bare.lower().startswith(("0x", "bc1", "ltc1", "bitcoincash:"))
    return bare.lower() if is_caseless else bare
