"""Names and numbers as they are compared: without case, accents, punctuation and legal form."""

import re
import unicodedata

# A legal form says nothing about who somebody is; longer forms first.
LEGAL_FORMS = (
    "obshchestvo s ogranichennoi otvetstvennostyu",
    "obshchestvo s ogranichennoy otvetstvennostyu",
    "public joint stock company",
    "limited liability company",
    "joint stock company",
    "private limited",
    "incorporated",
    "corporation",
    "limited",
    "gmbh",
    "pjsc",
    "corp",
    "ooo",
    "llc",
    "llp",
    "ltd",
    "inc",
    "jsc",
    "pte",
    "plc",
    "sarl",
    "too",
    "ag",
    "sa",
    "co",
)
_FORMS = re.compile(r"\b(?:" + "|".join(LEGAL_FORMS) + r")\b")
_NOT_WORD = re.compile(r"[^\w]+")


def fold_name(name: str) -> str:
    """A name as it is compared; one that is nothing but legal form keeps it."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    words = _NOT_WORD.sub(" ", plain).strip()
    bare = " ".join(_FORMS.sub(" ", words).split())
    return bare or words


def fold_identifier(value: str) -> str:
    """A register's number as it is compared: letters and digits only, upper case."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", value)).replace("_", "").upper()
