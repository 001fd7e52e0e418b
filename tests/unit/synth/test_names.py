from collections import Counter
from random import Random

from openregie.synth import names, surnames
from openregie.synth.rates import ORIGIN_SHARES
from openregie.synth.surnames import Surname


def test_a_prefix_is_split_off_and_a_name_is_never_empty():
    assert surnames.split("van der Berg") == Surname("van der", "Berg")
    assert surnames.split("Bakker") == Surname("", "Bakker")
    assert surnames.split("'t Hart") == Surname("'t", "Hart")
    assert surnames.split("van") == Surname("", "van")


def test_surnames_follow_a_long_tailed_distribution():
    random = Random(1)
    drawn = Counter(names.surname(random, origin="dutch", sex="M") for _ in range(100_000))
    top = sum(count for _, count in drawn.most_common(100)) / 100_000
    assert 0.08 < top < 0.18
    assert drawn.most_common(1)[0][1] < 700
    assert len(drawn) > 20_000
    with_prefix = sum(count for name, count in drawn.items() if name.prefix) / 100_000
    assert 0.2 < with_prefix < 0.45


def test_names_of_every_origin_exist_for_both_sexes():
    random = Random(2)
    for origin, _ in ORIGIN_SHARES:
        for sex in "MV":
            assert names.given_names(random, origin=origin, sex=sex, birth_year=1980)
            name = names.surname(random, origin=origin, sex=sex)
            assert name.name
            assert "~" not in name.name


def test_given_names_follow_the_era():
    random = Random(3)
    old = Counter(
        names.given_names(random, origin="dutch", sex="M", birth_year=1935).split()[0]
        for _ in range(2_000)
    )
    young = Counter(
        names.given_names(random, origin="dutch", sex="M", birth_year=2015).split()[0]
        for _ in range(2_000)
    )
    assert "Johannes" in {name for name, _ in old.most_common(5)}
    assert "Johannes" not in {name for name, _ in young.most_common(20)}


def test_initials_keep_the_dutch_ij_together():
    assert names.initials("IJsbrand Petrus") == "IJ.P."
    assert names.initials("noor") == "N."


def test_polish_names_end_as_the_bearers_sex_asks():
    assert surnames.for_sex(Surname("", "Kowalsk~"), "V").name == "Kowalska"
    assert surnames.for_sex(Surname("", "Kowalsk~"), "M").name == "Kowalski"
    father = Surname("", "Kowalski")
    daughter = names.family_name(father, sex="V", origin="polish", father_given="Jan")
    assert daughter.name == "Kowalska"


def test_an_eritrean_child_bears_its_fathers_given_name():
    father = Surname("", "Tesfay")
    named = names.family_name(father, sex="M", origin="eritrean", father_given="Filmon Haile")
    assert named == Surname("", "Filmon")


def test_word_lists_have_no_stray_spaces_or_foreign_scripts():
    for list_name in ("surnames", "given", "origins", "town", "surname_parts", "business"):
        for section, words in names.sections(list_name).items():
            for word in words:
                if " first" not in section:  # the first half of a name may end in a space
                    assert word == word.strip(), (section, word)
                assert all(ord(letter) < 0x250 or letter == "ẞ" for letter in word), word
