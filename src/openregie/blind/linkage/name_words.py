"""Words in and around Dutch surnames that are not the surname."""

from __future__ import annotations

PREFIXES = frozenset(
    (
        "A", "AAN", "AF", "AL", "AM", "AUF", "AUS", "BEI", "BEN", "BIJ", "BIN", "BINT", "D", "DA",
        "DAL", "DALLA", "DAS", "DE", "DEI", "DEL", "DELLA", "DEN", "DER", "DES", "DI", "DIE",
        "DO", "DOM", "DON", "DOS", "DU", "E", "EL", "EN", "HET", "I", "IM", "IN", "L", "LA",
        "LAS", "LE", "LES", "LO", "LOS", "MET", "ONDER", "OP", "OVER", "S", "T", "TE", "TEN",
        "TER", "THO", "THOE", "TO", "TOE", "TOT", "UIJT", "UIT", "UN", "UNTER", "VAN", "VD",
        "VER", "VO", "VOM", "VON", "VOOR", "VOR", "ZU", "ZUM", "ZUR",
    )
)  # fmt: skip
"""Words that stand before a surname. Source: register table 36 (prefixes), its single words."""

ABBREVIATED = {
    "VD": "VANDE",
    "VDN": "VANDEN",
    "VDR": "VANDER",
    "V": "VAN",
    "VN": "VAN",
    "VH": "VANHET",
    "VT": "VANT",
    "D": "DE",
    "DN": "DEN",
    "DR": "DER",
    "T": "HET",
    "S": "DES",
    "INT": "INHET",
    "OPT": "OPHET",
}
"""Short prefixes: de, den and der are confused so often that a key holds one form for the three."""

PREFIX_FORMS = PREFIXES | frozenset(ABBREVIATED)

TITLES = frozenset(
    (
        "DHR", "DRS", "ERVE", "ERVEN", "FAM", "FAMILIE", "HEER", "ING", "IR", "MEJ", "MEVR",
        "MEVROUW", "MR", "MW", "PROF", "WED", "WEDUWE",
    )
)  # fmt: skip

TRADE = frozenset(
    (
        "ADMINISTRATIEKANTOOR", "ADVIES", "AUTOBEDRIJF", "BAKKERIJ", "BEDRIJF", "BLOEMEN",
        "BLOEMENHUIS", "BOUW", "BOUWBEDRIJF", "CAFE", "CAFETARIA", "CONSULTANCY", "CV",
        "DIENSTEN", "DIERENSPECIAALZAAK", "EENMANSZAAK", "FA", "FIRMA", "GARAGE", "HANDEL",
        "HANDELSONDERNEMING", "HOVENIER", "HOVENIERSBEDRIJF", "INSTALLATIEBEDRIJF", "KAPSALON",
        "KLUSBEDRIJF", "KLUSSENBEDRIJF", "LOGISTIEK", "LOODGIETER", "MAATSCHAP", "ONDERNEMING",
        "PRAKTIJK", "RESTAURANT", "RIJSCHOOL", "SALON", "SCHILDERSBEDRIJF", "SCHOONMAAK",
        "SCHOONMAAKBEDRIJF", "SERVICE", "SLAGERIJ", "SNACKBAR", "STUDIO", "STUKADOORSBEDRIJF",
        "TAXI", "TIMMERBEDRIJF", "TOKO", "TRANSPORT", "VOF", "WINKEL", "ZZP",
    )
)  # fmt: skip
"""Words of trade: what stands beside one may be a sole trader's own name."""

LEGAL_PERSON = frozenset(
    (
        "BV", "COOPERATIE", "NV", "STICHTING", "VERENIGING", "VVE",
    )
)  # fmt: skip
"""Forms of organisations that are no natural person."""

NOT_INITIALS = frozenset(
    (
        "BV", "CV", "NV", "VD", "VDN", "VDR", "VH", "VOF",
    )
)  # fmt: skip

LETTERS = str.maketrans(
    {
        "\u00df": "SS", "\u1e9e": "SS", "\u00e6": "AE", "\u00c6": "AE", "\u0153": "OE",
        "\u0152": "OE", "\u00f8": "O", "\u00d8": "O", "\u0142": "L", "\u0141": "L", "\u0111": "D",
        "\u0110": "D", "\u00f0": "D", "\u00d0": "D", "\u00fe": "TH", "\u00de": "TH",
        "\u0131": "I", "\u0138": "K", "\u014b": "N", "\u014a": "N", "\u0127": "H", "\u0126": "H",
        "\u0167": "T", "\u0166": "T", "\u0133": "IJ", "\u0132": "IJ", "\u2019": "'",
        "\u2018": "'", "`": "'", "\u00b4": "'", "\u2013": "-", "\u2014": "-", "\u2010": "-",
        "\u2011": "-",
    }
)  # fmt: skip
"""Letters that Unicode does not take apart, and dashes and apostrophes of every kind."""
