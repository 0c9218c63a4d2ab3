"""What the whole house raises when it will not do what was asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one row of many: its place in the list, the field, and a sentence."""

    index: int
    field: str
    detail: str


class Refusal(Exception):
    """A request that changes nothing, with a sentence saying where it failed and what to do."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where


class RowsRefused(Refusal):
    """A request about many rows of which some are wrong; none was changed."""

    def __init__(self, message: str, problems: list[RowProblem]) -> None:
        super().__init__(message, where="rows")
        self.problems = problems
