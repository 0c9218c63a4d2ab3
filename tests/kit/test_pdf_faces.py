"""Faces: every language can be written, what cannot is named, and the same wheels give the same cuts."""

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kit.errors import Refusal
from kit.pdf import cutting, faces
from kit.pdf.faces import Style, measure, package_for

SAMPLES = {
    "en": "Pyote, Texas: 12.00 MW, 1,501,068.24 USD − “review” § ₸ ₽ № × ÷ ≤ ¹²³⁴⁵",
    "ru": "Съешь же ещё этих мягких французских булок, да выпей чаю — №5",
    "kk": "Қазақстан Республикасы: Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі 12 МВт ₸",
    "ar": "ﻣﺤﻤﺪ ﻋﻠﻲ ﻻ ٠١٢٣٤٥٦٧٨٩ ٫ ٬ ، ؛ ؟ 12 MW",
    "ja": "契約電力は二百十二メガワット、うち十二メガワットは保留。「髙﨑」を含む。",
    "zh": "合同电力二百一十二兆瓦，其中十二兆瓦暂停。“北京”——见附件。",
}
LATIN_STYLES = [(language, style) for language in ("en", "ru", "kk", "ar") for style in Style]
HAN_STYLES = [("ja", Style.TEXT), ("zh", Style.TEXT)]  # the other weights of these keep the same letters


@pytest.mark.parametrize(("language", "style"), LATIN_STYLES + HAN_STYLES)
def test_every_language_has_a_glyph_for_each_of_its_letters(language: str, style: Style) -> None:
    line = measure(SAMPLES[language], style, language)
    assert line.missing == frozenset()
    assert line.width > 0


def test_a_kazakh_and_a_han_name_are_drawn_inside_an_english_line() -> None:
    line = measure("Owner Қазақ 北京 ₸", Style.TEXT, "en")
    assert not line.missing
    assert [run.face for run in line.runs] == ["Sans", "SC", "Sans"]


def test_japanese_never_falls_to_the_chinese_face_first() -> None:
    assert {run.face for run in measure("直骨", Style.TEXT, "ja").runs} == {"JP"}


def test_a_letter_no_face_has_is_reported_and_a_lozenge_stands_for_it() -> None:
    line = measure("ABC მ", Style.TEXT, "en")
    assert line.missing == {"მ"}
    assert "".join(run.text for run in line.runs) == "ABC ◊"


def test_the_report_names_the_package_that_would_bring_a_letter() -> None:
    assert package_for("北") == "justmytype-intl-cjk"
    assert package_for("م") == "fontpkg-ibm-plex-sans-arabic"
    assert package_for("მ") == ""


def test_digits_are_as_wide_as_each_other() -> None:
    for face in ("Sans", "Cond", "Cond-Bold", "Serif-Bold", "Arab"):
        assert len({faces.advance(digit, face) for digit in "0123456789"}) == 1, face


def test_a_missing_wheel_is_refused_with_the_name_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(package: str) -> None:
        raise importlib.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(cutting.metadata, "files", absent)
    cutting.source.cache_clear()
    try:
        with pytest.raises(Refusal, match="Sans needs the Python package fontpkg-ibm-plex-sans"):
            cutting.source("Sans")
    finally:
        cutting.source.cache_clear()


def test_the_same_wheel_gives_the_same_bytes_in_another_directory(tmp_path: Path) -> None:
    here, there = cutting.cut_face("Arab"), cutting.cut_face("Arab", tmp_path)
    assert here.read_bytes() == there.read_bytes()
    assert cutting.manifest(("Arab",), tmp_path) == cutting.manifest(("Arab",))
    assert cutting.manifest_sha256(("Arab",), tmp_path) == cutting.manifest_sha256(("Arab",))


def test_the_manifest_tells_what_a_face_was_made_of() -> None:
    card = cutting.manifest(("Arab",))["Arab"]
    assert card["package"] == "fontpkg-ibm-plex-sans-arabic"
    assert card["source_sha256"].startswith("6f611412270a132b")
    assert card["sha256"] == hashlib.sha256(cutting.cut_face("Arab").read_bytes()).hexdigest()


def test_a_second_cut_does_nothing(tmp_path: Path) -> None:
    first = cutting.cut_face("Arab", tmp_path)
    made = first.stat().st_mtime_ns
    assert cutting.cut_face("Arab", tmp_path) == first
    assert first.stat().st_mtime_ns == made


def test_a_damaged_cut_is_made_again(tmp_path: Path) -> None:
    path = cutting.cut_face("Arab", tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    assert cutting.cut_face("Arab", tmp_path).read_bytes() == whole


@pytest.mark.processes
def test_processes_that_cut_at_once_all_get_a_whole_face(tmp_path: Path) -> None:
    script = "from kit.pdf import cutting; print(cutting.cut_face('Cond').stat().st_size)"
    environment = os.environ | {"PITHEAD_VAR": str(tmp_path)}
    running = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    sizes = {process.communicate(timeout=110)[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(sizes) == 1
    cards = list((tmp_path / "fonts").glob("*.json"))
    assert [json.loads(card.read_text())["face"] for card in cards] == ["Cond"]
    assert (tmp_path / "fonts" / f"Cond-{cutting.key('Cond')}.ttf").read_bytes() == cutting.cut_face(
        "Cond"
    ).read_bytes()


def test_the_command_cuts_a_language_tells_each_face_and_ends_with_the_hash(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("fonts", "cut", "en")
    told = capsys.readouterr().out
    assert "7 of 7" in told
    assert cutting.manifest_sha256(faces.faces_of("en")) in told


def test_the_command_refuses_a_language_it_does_not_know() -> None:
    with pytest.raises(CommandError, match="Unknown language xx; known are en, ru"):
        call_command("fonts", "cut", "xx")
