"""`./manage.py fonts cut [LANG ...]`: cut the report faces once, at install time or in an image build."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kit.errors import Refusal
from kit.pdf import cutting
from kit.pdf.faces import LANGUAGES, faces_of


class Command(BaseCommand):
    """Cuts what is not yet in the cache; running it again does nothing."""

    help = "Cut the typefaces of reports out of the installed font packages into the cache directory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One act, then the languages; without a language, all of them."""
        parser.add_argument("act", choices=("cut",))
        parser.add_argument("languages", nargs="*", metavar="LANG", help="of " + ", ".join(LANGUAGES))

    def handle(self, *args: Any, **options: Any) -> None:
        """Cut face by face, telling each one, and end with the hash of the set."""
        languages = options["languages"] or list(LANGUAGES)
        unknown = sorted(set(languages) - set(LANGUAGES))
        if unknown:
            raise CommandError(f"Unknown language {', '.join(unknown)}; known are {', '.join(LANGUAGES)}.")
        faces = tuple(dict.fromkeys(face for language in languages for face in faces_of(language)))
        try:
            for number, face in enumerate(faces, 1):
                begun = monotonic()
                path = cutting.cut_face(face)
                size = path.stat().st_size // 1024
                seconds = monotonic() - begun
                self.stdout.write(f"{number} of {len(faces)}  {face:12} {size:6} kB  {seconds:5.1f} s")
            self.stdout.write(f"Fonts manifest SHA-256 {cutting.manifest_sha256(faces)}")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
