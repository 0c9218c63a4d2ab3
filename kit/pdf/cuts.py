"""The table of report faces: which file of which font wheel each is cut from, and how."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cut:
    """How one face is made: source wheel and file, axes to fix, letters to keep (all when empty)."""

    face: str
    package: str
    file: str
    axes: tuple[tuple[str, int], ...] = ()
    letters: str = ""


ARABIC, CJK = "fontpkg-ibm-plex-sans-arabic", "justmytype-intl-cjk"


def _plex(face: str, weight: int, width: int = 100) -> Cut:
    axes = (("wght", weight), ("wdth", width))
    return Cut(face, "fontpkg-ibm-plex-sans", "/IBMPlexSans[wdth,wght].ttf", axes, "latin")


def _serif(face: str, weight: int) -> Cut:
    axes = (("wght", weight), ("opsz", 32))
    return Cut(face, "fontpkg-source-serif-4", "/SourceSerif4[opsz,wght].ttf", axes, "latin")


def _noto(face: str, country: str, weight: int) -> Cut:
    letters = {"JP": "japanese", "SC": "chinese"}[country]
    return Cut(face, CJK, f"/NotoSans{country}[wght].ttf", (("wght", weight),), letters)


CUTS: dict[str, Cut] = {
    cut.face: cut
    for cut in (
        _plex("Sans", 400),
        _plex("Sans-Bold", 600),
        _plex("Sans-Light", 300),
        _plex("Cond", 400, width=85),
        _plex("Cond-Bold", 600, width=85),
        _serif("Serif", 400),
        _serif("Serif-Bold", 600),
        Cut("Arab", ARABIC, "/IBMPlexSansArabic-Regular.ttf"),
        Cut("Arab-Bold", ARABIC, "/IBMPlexSansArabic-SemiBold.ttf"),
        Cut("Arab-Light", ARABIC, "/IBMPlexSansArabic-Light.ttf"),
        _noto("JP", "JP", 400),
        _noto("JP-Bold", "JP", 700),
        _noto("JP-Light", "JP", 300),
        _noto("SC", "SC", 400),
        _noto("SC-Bold", "SC", 700),
        _noto("SC-Light", "SC", 300),
    )
}
