"""How often things happen in the synthetic town. Each constant says where it comes from.

"CBS" means: the order of magnitude of Statistics Netherlands' public tables, from general
knowledge, not copied. "Assumption" means ours: read differences between runs, not levels.
"""

from __future__ import annotations

# --- origin of a family (CBS, population by origin, rounded; the rest counts as Dutch) ---------
ORIGIN_SHARES = (
    ("dutch", 76.0), ("turkish", 3.6), ("moroccan", 3.4), ("surinamese_hindustani", 1.2),
    ("surinamese_creole", 1.1), ("surinamese_javanese", 0.5), ("polish", 2.2), ("syrian", 1.8),
    ("ukrainian", 1.2), ("eritrean", 0.5), ("chinese", 0.9), ("german", 2.6), ("antillean", 1.5),
    ("indonesian", 1.5),
)  # fmt: skip
SAME_ORIGIN_PARTNER = {"dutch": 0.94}
SAME_ORIGIN_PARTNER_OTHERS = 0.8  # assumption
BORN_ABROAD = {  # assumption: adults born abroad, of those with this origin
    "turkish": 0.5, "moroccan": 0.5, "surinamese_hindustani": 0.5, "surinamese_creole": 0.5,
    "surinamese_javanese": 0.5, "polish": 0.9, "syrian": 0.95, "ukrainian": 0.97, "eritrean": 0.95,
    "chinese": 0.6, "german": 0.5, "antillean": 0.6, "indonesian": 0.2,
}  # fmt: skip
FIRST_OF_JANUARY = {  # assumption: registered as born on 1 January, of adults born abroad
    "turkish": 0.12, "moroccan": 0.2, "syrian": 0.2, "eritrean": 0.35, "chinese": 0.03,
}  # fmt: skip
PARTIAL_BIRTH = {  # assumption: month and day (or day) unknown, of adults born abroad
    "turkish": 0.04, "moroccan": 0.06, "syrian": 0.02, "eritrean": 0.05, "chinese": 0.01,
}  # fmt: skip
ONLY_DAY_UNKNOWN = 0.25  # assumption, of the partial births

# --- households (CBS households, rounded; the small kinds are assumptions) ----------------------
HOUSEHOLD_SHARES = (
    ("single", 36.5), ("couple", 27.5), ("couple_with_children", 22.0), ("single_parent", 5.2),
    ("co_parents", 1.3), ("stepfamily", 1.2), ("adult_child_at_home", 2.2),
    ("three_generations", 0.6), ("siblings", 0.4), ("lodger", 0.5), ("student_house", 0.45),
    ("shared_address", 0.6), ("workers_house", 0.2), ("institution", 0.06),
    ("no_fixed_address", 0.3),
)  # fmt: skip
MARRIED = 0.78  # CBS: couples who are married or registered partners
SAME_SEX_COUPLE = 0.02  # CBS
SAME_SURNAME_COUPLE = 0.008  # assumption: partners who happen to bear the same name
TWINS = 0.016  # CBS: multiple births per birth
JUNIOR = 0.03  # assumption: a son with his father's given names (and a daughter, her mother's)
CHILD_BEARS_MOTHERS_NAME = 0.08  # CBS, rounded
DOUBLE_SURNAME = 0.05  # assumption: children born since 2024 may bear both parents' names
DOUBLE_SURNAME_SINCE = 2024
FATHER_ACKNOWLEDGED = 0.93  # assumption: unmarried father is in the child's record
JOINT_AUTHORITY_UNMARRIED = 0.6  # assumption; by law on acknowledgement since 2023
OTHER_PARENT = (("elsewhere", 0.6), ("dead", 0.06), ("unknown", 0.34))  # assumption
THIRD_PARTY_AUTHORITY = 0.012  # assumption: guardian or certified institution (D, 1D, 2D)

# --- name use after marriage, by sex and by a woman's age (assumption after CBS) -----------------
NAME_USE_MAN = (("E", 0.975), ("V", 0.012), ("P", 0.005), ("N", 0.008))
NAME_USE_WOMAN_OLD = (("E", 0.14), ("V", 0.62), ("P", 0.22), ("N", 0.02))
NAME_USE_WOMAN_YOUNG = (("E", 0.55), ("V", 0.27), ("P", 0.15), ("N", 0.03))
NAME_USE_OLD_AGE = 60

# --- marks in the register (assumptions) ---------------------------------------------------------
SECRECY = 0.022  # some secrecy asked, values 1-7
SECRECY_VALUES = ((1, 1.0), (2, 2.0), (3, 1.0), (4, 2.0), (5, 1.0), (6, 1.5), (7, 8.0))
UNDER_INVESTIGATION = 0.006
CURATELE = 0.0015
BEWIND = 0.014  # about 250,000 people in the country (rounded, general knowledge)
REPRESENTED_BY_FAMILY = 0.35
MOVED_IN_TOWN = 0.55  # a move that came from another address in the town
YEARS_AT_ADDRESS_MEAN = 9.0  # CBS: about 1 in 10 moves in a year
DIED_LAST_YEAR = 0.0095  # CBS
LEFT_LAST_YEAR = 0.02  # of those who left, the register still holds these
SYNTHETIC_VACANT = 0.04  # CBS: empty dwellings
PARENTS_IN_TOWN = 0.6  # assumption: a try; about one in five finds parents of a fitting age
OWN_BUSINESS = 0.07  # adults with a one-man business (CBS, rounded)
