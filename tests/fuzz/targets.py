"""Every fuzzed parser, by name."""

from fuzz import contents, deliveries, envelopes
from fuzz.target import Target, attempt

ALL = (*deliveries.ALL, *envelopes.ALL, *contents.ALL)
BY_NAME = {target.name: target for target in ALL}


def _any(data):
    """The first byte says for which parser the rest is."""
    if data:
        attempt(ALL[data[0] % len(ALL)], data[1:])


def _all_seeds():
    for number, target in enumerate(ALL):
        yield from (bytes([number]) + data for data in target.seeds())


TOGETHER = Target("together", _any, (), _all_seeds)
