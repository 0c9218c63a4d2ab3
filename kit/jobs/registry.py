"""Which function does which kind of job; a storey's tasks.py fills the table at start-up."""

from collections.abc import Callable

from kit.errors import Refusal
from kit.jobs.models import Job

Work = Callable[[Job], str]
KINDS: dict[str, Work] = {}


def does(kind: str) -> Callable[[Work], Work]:
    """Register a function as the work of a job kind; it returns the outcome as a sentence."""

    def register(work: Work) -> Work:
        if kind in KINDS and KINDS[kind].__module__ != work.__module__:
            raise ValueError(f"two functions claim the job kind {kind}")
        KINDS[kind] = work
        return work

    return register


def work_of(kind: str) -> Work:
    """The function that does a kind of job.

    Raises: Refusal for a kind nobody registered.
    """
    if kind not in KINDS:
        raise Refusal(f"No code does jobs of the kind “{kind}”. Was it renamed in a newer version?")
    return KINDS[kind]
