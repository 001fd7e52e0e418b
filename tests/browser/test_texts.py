"""What residents read in Dutch is B1: short sentences, no words of the town hall."""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src/openregie/sealed/web/templates/pages"
FORBIDDEN = ("burger", "cliënt", "signaal", "signalen", "toestemming", "intrekken", "verwerking")
MOST_WORDS = 15


def script_texts(language):
    """The texts of one language, read by the engine that runs them."""
    path = (ROOT / f"browser/resident/texts.{language}.js").as_uri()
    command = f"import('{path}').then(m => console.log(JSON.stringify(m.{language})))"
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", command],
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


def template_texts():
    found = {}
    for file in sorted(TEMPLATES.glob("*.html")):
        text = file.read_text("utf-8")
        marked = re.findall(r"{% translate \"(.*?)\" %}", text) + re.findall(
            r"{% blocktranslate %}(.*?){% endblocktranslate %}", text
        )
        found |= {f"{file.name}: {one}": one for one in marked}
    return found


TEXTS = {f"texts.nl.js: {key}": text for key, text in script_texts("nl").items()} | template_texts()


def sentences(text):
    return [one for one in re.split(r"(?<=[.?!:])\s+", text.replace("**", "")) if one.strip()]


def test_no_sentence_is_longer_than_fifteen_words():
    long = [
        (where, one)
        for where, text in TEXTS.items()
        for one in sentences(text)
        if len(one.split()) > MOST_WORDS
    ]
    assert long == []


def test_no_word_of_the_town_hall_is_used():
    used = [
        (where, word)
        for where, text in TEXTS.items()
        for word in re.findall(r"\w+", text.lower())
        if word.startswith(FORBIDDEN)
    ]
    assert used == []


def test_both_languages_say_the_same_things_with_the_same_gaps():
    dutch, english = script_texts("nl"), script_texts("en")
    assert dutch.keys() == english.keys()
    for key in dutch:
        assert sorted(re.findall(r"{\w+}", dutch[key])) == sorted(
            re.findall(r"{\w+}", english[key])
        ), key


def test_every_text_is_used_somewhere():
    """A text no page shows is one nobody keeps right; kinds are looked up by name."""
    code = "\n".join(
        file.read_text("utf-8")
        for file in (ROOT / "browser/resident").glob("*.js")
        if not file.name.startswith("texts.")
    )
    by_name = {
        "arrears",
        "benefit",
        "provision",
        "job_seeking",
        "debt_help",
        "municipal_tax",
        "person",
    }
    by_name |= {
        "relationPartner",
        "relationChild",
        "relationParent",
        "money",
        "housing",
        "care",
        "work",
        "family",
    }
    assert [
        key for key in script_texts("nl") if f"'{key}'" not in code and key not in by_name
    ] == []


def test_every_page_text_is_translated():
    catalogue = next(ROOT.glob("**/locale/en/LC_MESSAGES/django.po"), None)
    assert catalogue is not None
    told = dict(
        re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', catalogue.read_text("utf-8"), re.MULTILINE)
    )
    missing = [
        text
        for text in template_texts().values()
        if re.sub(r"{{ (\w+) }}", r"%(\1)s", text) not in told
    ]
    assert missing == []
