"""Asking the miners of a subnet with pyasic and sending their answers as batches.

This runs beside the miners, not beside the database: it knows Pithead's address and a token, no more.
"""

import asyncio
import importlib
import ipaddress
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.utils.translation import gettext

from kit.errors import Refusal

PATH = "/api/v1/readings/"
AT_ONCE = 100  # miners asked at the same time
TIMEOUT_S = 30
LARGEST_SUBNET = 65_536

Poll = Callable[[str], list[Any]]


@dataclass
class Round:
    """One round: `answers` are MinerData as JSON, `silent` are those that answered before and not now."""

    answers: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


class Collector:
    """Asks a subnet again and again, and knows who answered before."""

    def __init__(self, subnet: str, poll: Poll) -> None:
        self.subnet = checked_subnet(subnet)
        self._poll = poll
        self._names: dict[str, str] = {}  # by address

    def ask(self) -> Round:
        """Ask everybody once."""
        one = Round()
        answered = set()
        for told in self._poll(self.subnet):
            address, name = str(told.ip), told.serial_number or told.mac
            answered.add(address)
            if name:
                self._names[address] = str(name)
                one.answers.append(told.as_json())
        here = {name for address, name in self._names.items() if address in answered}
        one.silent = sorted({name for address, name in self._names.items() if address not in answered} - here)
        return one


def bodies(one: Round, size: int, at: float) -> Iterator[bytes]:
    """The round as batches: the answers as they are, the silent as compact readings that say so."""
    for answers in _cut(one.answers, size):
        yield f"[{','.join(answers)}]".encode()
    for silent in _cut(one.silent, size):
        yield json.dumps([[name, int(at), None, None, None, 0] for name in silent]).encode()


def send(url: str, token: str, body: bytes) -> dict[str, Any]:
    """Post one batch and return the counts it was answered with.

    Raises: Refusal if the server cannot be reached or will not have it.
    """
    request = Request(
        url.rstrip("/") + PATH,
        data=body,
        headers={"Content-Type": "application/json", "Authorization": f"Token {token}"},
    )
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:
            counts: dict[str, Any] = json.load(answer)
            return counts
    except HTTPError as error:
        raise Refusal(
            gettext("{url} answers {code}: {why}").format(
                url=url, code=error.code, why=error.read(500).decode(errors="replace")
            )
        ) from None
    except (URLError, TimeoutError, ValueError) as error:
        raise Refusal(gettext("{url} cannot be reached: {why}.").format(url=url, why=error)) from None


def checked_subnet(subnet: str) -> str:
    """A subnet as pyasic takes it.

    Raises: Refusal if it is none, or larger than can be asked.
    """
    try:
        network = ipaddress.ip_network(subnet, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != 4 or network.num_addresses > LARGEST_SUBNET:
        raise Refusal(
            gettext(
                "“{subnet}” is not an IPv4 subnet of at most {most} addresses, for example 10.0.1.0/24."
            ).format(subnet=subnet, most=f"{LARGEST_SUBNET:,}")
        )
    return str(network)


def checked_url(url: str) -> str:
    """The address of Pithead.

    Raises: Refusal if it is no address of a web server.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refusal(gettext("“{url}” is not an address such as https://pithead.example.").format(url=url))
    return url


def with_pyasic() -> Poll:
    """The way to ask a subnet.

    Raises: Refusal if pyasic is not installed.
    """
    try:
        network = importlib.import_module("pyasic.network").MinerNetwork
    except ImportError:
        raise Refusal(
            gettext(
                "Collecting needs pyasic, which is not installed because Pithead itself does not need it."
                " Install it beside Pithead: pip install “pyasic~=0.79” (the extra “collect”)."
            )
        ) from None
    return lambda subnet: asyncio.run(_poll(network, subnet))


async def _poll(network: Any, subnet: str) -> list[Any]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(miner: Any) -> Any:
        async with gate:
            return await asyncio.wait_for(miner.get_data(), TIMEOUT_S)

    miners = await network.from_subnet(subnet).scan()
    told = await asyncio.gather(*(ask(miner) for miner in miners if miner), return_exceptions=True)
    return [one for one in told if not isinstance(one, BaseException)]


def _cut(rows: list[str], size: int) -> Iterable[list[str]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def sleep_until_next(started: float, every_s: float) -> None:
    """Wait so that rounds begin at a steady pace."""
    time.sleep(max(0.0, every_s - (time.monotonic() - started)))
