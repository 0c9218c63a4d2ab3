from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kit.accounts.models import User
from kit.accounts.verbs import create_user


class Command(BaseCommand):
    help = "Create the first administrator with a generated password, printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", default="admin")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        if User.objects.filter(username=username).exists():
            self.stdout.write(
                f"The administrator “{username}” exists. "
                f"A new password is set with: ./manage.py changepassword {username}"
            )
            return
        _, password = create_user(username=username, role="admin", by=None)
        self.stdout.write(f"Administrator: {username}   password: {password}   (shown once)")
