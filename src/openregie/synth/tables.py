"""Rows before they become a file: typed cells, and beside each row who it really is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from openregie.synth.days import PartialDay
from openregie.synth.mistakes import Mistake
from openregie.synth.suppliers import DateStyle, Format
from openregie.terms import Bsn, Period


class Money(NamedTuple):
    """An amount that a file shows with two decimals. Units: cents."""

    cents: int


Cell = str | int | bool | date | PartialDay | Money | None
Row = Sequence[Cell]


class Origin(NamedTuple):
    """Who a row really is. `bsn` None: nobody in the register. `about` says what then."""

    bsn: Bsn | None
    about: str = "resident"
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file to write, and its truth. `rows` and `origins` can be walked again and in step."""

    stream: str
    supplier_slug: str
    supplier_name: str
    supplier_oin: str
    format: Format
    dates: DateStyle
    yes_no: tuple[str, str]
    attests: tuple[str, ...]
    covers: Period
    delivered_on: date
    headers: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    origins: Callable[[], Iterator[Origin]]

    @property
    def file_name(self) -> str:
        """Name in the deliveries folder."""
        return f"{self.stream}-{self.supplier_slug}.{self.format.suffix}"


def walk(rows: Sequence[Row]) -> Callable[[], Iterator[Row]]:
    """Rows kept in memory, to be walked as often as wanted."""
    return partial(iter, rows)


def walk_origins(origins: Sequence[Origin]) -> Callable[[], Iterator[Origin]]:
    """Truth kept in memory, to be walked as often as wanted."""
    return partial(iter, origins)


ARREARS = (
    "ID", "signaalpartner.type", "client.Voorletters", "client.Voorvoegsel", "client.Achternaam",
    "client.Geboortedatum", "client.Straatnaam", "client.Postcode", "client.Huisnummer",
    "client.Huisnummertoevoeging", "client.Plaatsnaam", "crisissignaal", "warmeOverdracht",
    "bedrag", "ontstaansdatum", "signaaldatum", "status",
)  # fmt: skip
ARREARS_BSN = (*ARREARS[:2], "client.Burgerservicenummer", *ARREARS[2:])
POPULATION = (
    "burgerservicenummer", "voornamen", "voorletters", "voorvoegsel", "geslachtsnaam",
    "aanduidingNaamgebruik", "partnerVoorvoegsel", "partnerGeslachtsnaam", "geslacht",
    "geboortedatum", "straat", "postcode", "huisnummer", "huisletter", "huisnummertoevoeging",
    "woonplaats", "buurt", "adresseerbaarObject", "soortAdres", "instelling", "datumAanvangAdres",
    "vorigePostcode", "vorigHuisnummer", "vorigeHuisletter", "vorigeToevoeging", "partnerBsn",
    "ouder1Bsn", "ouder2Bsn", "gezag", "curatele", "bewind", "vertegenwoordigerBsn",
    "geheimhouding", "inOnderzoek", "datumOverlijden", "datumVertrek",
)  # fmt: skip
BENEFITS = (
    "uitkeringsnummer", "burgerservicenummer", "partnerBsn", "regeling", "norm", "bedragPerMaand",
    "ingangsdatum", "einddatum",
)  # fmt: skip
_ALLOCATION = (
    "toewijzingNummer", "bsn", "productCategorie", "productCode", "toewijzingIngangsdatum",
    "toewijzingEinddatum", "omvangVolume", "omvangEenheid", "omvangFrequentie",
)  # fmt: skip
WMO = _ALLOCATION
YOUTH = (*_ALLOCATION, "nietVoorOuder")
JOB_SEEKERS = (
    "burgerservicenummer", "inschrijfdatum", "einddatum", "gewenstBeroep", "urenPerWeek",
    "begeleiding", "laatsteContact",
)  # fmt: skip
DEBT_FILES = ("dossiernummer", "burgerservicenummer", "aanmelddatum", "fase", "einddatum")
TAX = (
    "aanslagnummer", "burgerservicenummer", "belastingjaar", "aanslagbedrag", "kwijtschelding",
    "besluitdatum",
)  # fmt: skip
OUTCOMES = ("uitkomstnummer", "burgerservicenummer", "regeling", "uitstroom", "datum")
