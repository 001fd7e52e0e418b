"""Who delivers what, in which file format and with which habits. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """How a source writes its file."""

    CSV = "csv"
    SEMICOLON_WINDOWS = "semicolon_windows"
    SEMICOLON = "semicolon"
    COMMA_BOM = "comma_bom"
    TAB = "tab"
    JSON_LINES = "json_lines"
    PARQUET = "parquet"

    @property
    def suffix(self) -> str:
        """End of the file's name."""
        return {Format.JSON_LINES: "jsonl", Format.PARQUET: "parquet"}.get(self, "csv")


class DateStyle(StrEnum):
    """How a source writes a day."""

    ISO = "iso"
    DUTCH = "dutch"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class Habits:
    """How a source keeps names and addresses. Shares are of its rows (our assumption).

    `birth_missing` follows the brief of the project: 25 % at landlords, 70 % at energy and water.
    `initials`: dotted, plain, spaced or first. `marks`: how diacritics fare, kept, latin or lost.
    """

    birth_missing: float
    bsn: float = 0.0
    initials: str = "dotted"
    marks: str = "kept"
    upper: bool = False
    name_use: float = 0.7
    prefix_in_surname: float = 0.05
    addition_joined: str = "space"


@dataclass(frozen=True, slots=True)
class Supplier:
    """One source of one stream. `share` is its part of the stream's rows."""

    stream: str
    slug: str
    name: str
    oin: str
    partner_type: str
    share: float
    format: Format
    dates: DateStyle
    habits: Habits
    yes_no: tuple[str, str] = ("true", "false")


def _oin(number: int) -> str:
    """A well-formed organisation number that nobody has (prefix 3, nine-range)."""
    return f"00000003{99_000_000 + number:08d}0000"


MUNICIPALITY_OIN = _oin(1)
MUNICIPALITY_SLUG = "gemeente-lindestad"
ATTESTS: dict[str, tuple[str, ...]] = {
    "rent_arrears": ("personal_contact", "debt_help_named", "reminder_sent", "offer_unanswered"),
    "energy_arrears": ("reminder_sent", "debt_help_named"),
    "water_arrears": ("reminder_sent", "debt_help_named"),
    "health_premium_arrears": ("reminder_sent", "debt_help_named"),
}

DE_LINDE = Supplier(
    "rent_arrears", "woonstichting-de-linde", "Woonstichting De Linde", _oin(11), "Huur", 0.65,
    Format.SEMICOLON_WINDOWS, DateStyle.DUTCH,
    Habits(birth_missing=0.25, marks="latin", prefix_in_surname=0.08), ("ja", "nee"),
)  # fmt: skip
AAN_DE_VLIET = Supplier(
    "rent_arrears", "wonen-aan-de-vliet", "Wonen aan de Vliet", _oin(12), "Huur", 0.35,
    Format.JSON_LINES, DateStyle.ISO,
    Habits(birth_missing=0.25, initials="plain", addition_joined="dash"),
)  # fmt: skip
HELDER = Supplier(
    "energy_arrears", "helder-energie", "Helder Energie", _oin(21), "Energie", 0.6,
    Format.COMMA_BOM, DateStyle.ISO,
    Habits(birth_missing=0.7, initials="plain", marks="lost", upper=True, name_use=0.55),
    ("1", "0"),
)  # fmt: skip
NOORDERSTROOM = Supplier(
    "energy_arrears", "noorderstroom", "Noorderstroom", _oin(22), "Energie", 0.4,
    Format.TAB, DateStyle.DIGITS,
    Habits(birth_missing=0.7, initials="first", prefix_in_surname=0.35, addition_joined="glued"),
    ("J", "N"),
)  # fmt: skip
LINDESTROOM = Supplier(
    "water_arrears", "waterbedrijf-lindestroom", "Waterbedrijf Lindestroom", _oin(31), "Water", 1.0,
    Format.SEMICOLON, DateStyle.ISO,
    Habits(birth_missing=0.7, initials="spaced", marks="latin", name_use=0.6), ("ja", "nee"),
)  # fmt: skip
WELZEKER = Supplier(
    "health_premium_arrears", "welzeker", "Welzeker", _oin(41), "Zorg", 0.45,
    Format.CSV, DateStyle.ISO, Habits(birth_missing=0.0, bsn=0.97, name_use=0.9),
)  # fmt: skip
ZORGKRACHT = Supplier(
    "health_premium_arrears", "zorgkracht", "Zorgkracht", _oin(42), "Zorg", 0.3,
    Format.SEMICOLON_WINDOWS, DateStyle.DUTCH,
    Habits(birth_missing=0.02, marks="latin", name_use=0.9, addition_joined="dash"), ("J", "N"),
)  # fmt: skip
VITAAL = Supplier(
    "health_premium_arrears", "onderling-vitaal", "Onderling Vitaal", _oin(43), "Zorg", 0.25,
    Format.PARQUET, DateStyle.ISO, Habits(birth_missing=0.0, bsn=0.5, initials="plain"),
)  # fmt: skip
SUPPLIERS = (
    DE_LINDE, AAN_DE_VLIET, HELDER, NOORDERSTROOM, LINDESTROOM, WELZEKER, ZORGKRACHT, VITAAL,
)  # fmt: skip
STREAMS = ("health_premium_arrears", "rent_arrears", "energy_arrears", "water_arrears")


def of_stream(stream: str) -> tuple[Supplier, ...]:
    """The sources of one arrears stream."""
    return tuple(supplier for supplier in SUPPLIERS if supplier.stream == stream)
