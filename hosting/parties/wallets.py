"""One spelling per digital-currency address, so that two records of it are found to be the same."""

from django.utils.translation import gettext as _

from kit.errors import Refusal

BECH32_PREFIXES = ("bc1", "tb1", "bcrt1", "ltc1", "addr1")
LOWER_HEX = frozenset("0123456789abcdef")
SHORTEST, LONGEST = 20, 120


def normalise_address(asset: str, address: str) -> str:
    """An address in its one spelling: bech32 and hexadecimal in lower case, base58 as it is written.

    Source: BIP-173 (bech32 is one case throughout); base58 tells capital from small letters.
    Raises: Refusal for spaces inside, mixed-case bech32, or a length no address has.
    """
    plain = address.strip()
    if not SHORTEST <= len(plain) <= LONGEST or any(letter.isspace() for letter in plain):
        raise Refusal(
            _("“%(address)s” is not an address of %(asset)s; copy it again without spaces.")
            % {"address": plain[:40], "asset": asset}
        )
    lower = plain.lower()
    if lower.startswith(BECH32_PREFIXES):
        if plain not in (lower, plain.upper()):
            raise Refusal(
                _("“%(address)s” mixes capital and small letters, which a bech32 address never does.")
                % {"address": plain[:40]}
            )
        return lower
    if lower.startswith("0x") and set(lower[2:]) <= LOWER_HEX:
        return lower
    return plain
