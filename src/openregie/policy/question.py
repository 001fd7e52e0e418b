"""What may be asked of the policy: who, what, for which purpose, with whose permission."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openregie.terms import Lane


class Action(StrEnum):
    """What is asked for: link in a lane, receive by law, or open what a resident shares."""

    COLLECT = "collect"
    RECEIVE = "receive"
    OPEN = "open"


class Permission(StrEnum):
    """Whether the resident said yes to this sharing. Apart from the legal basis."""

    NONE = "none"
    EXPLICIT = "explicit"


class Giver(StrEnum):
    """Who said yes. Source: law.md, Jeugdwet 7.3.4-5 and Burgerlijk Wetboek book 1."""

    SELF = "self"
    PARENT = "parent"
    SELF_AND_PARENT = "self_and_parent"
    CURATOR = "curator"
    BEWINDVOERDER = "bewindvoerder"
    MENTOR = "mentor"
    HELPER = "helper"


class AgeBand(StrEnum):
    """How old the resident is whom the data are about."""

    UNDER_12 = "under_12"
    FROM_12_TO_15 = "12_15"
    FROM_16_TO_17 = "16_17"
    ADULT = "adult"


def age_band(years: int) -> AgeBand:
    """Return the band of an age in whole years. Source: Jeugdwet 7.3.4-5; BW 1:233."""
    for below, band in ((12, AgeBand.UNDER_12), (16, AgeBand.FROM_12_TO_15)):
        if years < below:
            return band
    return AgeBand.FROM_16_TO_17 if years < 18 else AgeBand.ADULT  # noqa: PLR2004 - majority, BW 1:233


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the policy. Names are of content/policies; an unknown name is denied.

    `who` is a team, or a lane for `collect`. `lane` counts for `receive` alone; permission, giver
    and age for `open` alone.
    """

    action: Action
    who: str
    law: str
    fact: str
    purpose: str
    lane: Lane = Lane.OWN_VIEW
    permission: Permission = Permission.NONE
    giver: Giver = Giver.SELF
    age: AgeBand = AgeBand.ADULT

    @property
    def data(self) -> str:
        """Return the kind of data by its name in the policies: `wgs/arrears`."""
        return f"{self.law}/{self.fact}"
