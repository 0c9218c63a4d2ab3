"""What the whole house raises when it will not do what was asked."""


class Refusal(Exception):
    """A request that changes nothing, with a sentence saying where it failed and what to do."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where
