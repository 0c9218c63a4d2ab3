"""What is wrong outside the program: a server, a folder, a port."""

DATABASE_FORM = "postgresql://user:password@host:5432/name"
REDIS_FORM = "redis://:password@host:6379/0"


class Fault(Exception):
    """Something outside the program is not as it must be; its text is the whole message.

    Shape: one sentence that says what, where, and the way out.
    """
