"""Words: every message in both languages, with the same facts, and none that a page lacks."""

import json
import re
import tomllib
from collections import Counter
from string import Formatter

import pytest

from comingclean import paths
from comingclean.model import GRADES, INDUSTRIES
from comingclean.views.words import LANGUAGES, say, words
from sliced import ROOT, table

FOLDER = paths.PACKAGE / "words"
NAMES = sorted(path.name for path in (FOLDER / "en").glob("*.json"))
OF_PAGES = [name for name in NAMES if name != "map.json"]
TEMPLATES = sorted((paths.PACKAGE / "views/templates").glob("*.html"))


def messages(lang, name):
    return json.loads((FOLDER / lang / name).read_text("utf-8"))


def facts(text):
    return Counter(name for _, name, *_ in Formatter().parse(text) if name is not None)


def test_both_languages_have_the_same_files():
    assert NAMES
    for lang in LANGUAGES:
        assert sorted(path.name for path in (FOLDER / lang).glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_keys_with_the_same_facts(name):
    english, spanish = messages("en", name), messages("es", name)
    assert list(english) == list(spanish)
    for key, text in english.items():
        assert set(facts(text)) == set(facts(spanish[key])), key


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_empty_or_has_stray_blanks_or_stands_twice(lang, name):
    pairs = json.loads((FOLDER / lang / name).read_text("utf-8"), object_pairs_hook=list)
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys))
    for key, text in pairs:
        assert text == text.strip() != "", key
        assert "  " not in text


def test_most_spanish_messages_are_not_english():
    english, spanish = messages("en", "pages.json"), messages("es", "pages.json")
    same = [key for key, text in english.items() if text == spanish[key]]
    assert len(same) < len(english) / 10, same


def asked_for():
    """Every key that a template names, patterns for those that it puts together."""
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        for key, joined in re.findall(r"""\bt\(\s*"([^"]+)"\s*(~)?""", text):
            yield path.name, key, bool(joined)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_of_a_template_has_words(lang):
    known = {key for name in NAMES for key in messages(lang, name)}
    asked = list(asked_for())
    assert len(asked) > 60
    for template, key, joined in asked:
        found = any(name.startswith(key) for name in known) if joined else key in known
        assert found, (template, key)


def test_every_message_of_the_pages_is_used():
    exact = {key for _, key, joined in asked_for() if not joined}
    source = "".join(path.read_text("utf-8") for path in paths.PACKAGE.rglob("*.py"))
    put_together = re.findall(r"""\bf"([a-z_.]+[._])\{""", source)
    starts = tuple({*put_together, *(key for _, key, joined in asked_for() if joined)})
    for key in [key for name in OF_PAGES for key in messages("en", name)]:
        assert key in exact or key.startswith(starts) or f'"{key}"' in source, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_name_that_data_can_hold_has_words(lang, shipped):
    quantities, parameters = table(shipped, "quantity"), table(shipped, "parameter")
    for kind, names in (
        ("industry", INDUSTRIES),
        ("grade", GRADES),
        ("topic", quantities["topic"].unique()),
        ("seen", parameters["seen"].unique()),
    ):
        for name in names:
            assert words(lang)[f"{kind}.{name}"]


def test_the_pages_say_their_own_words_where_another_view_has_the_same_key():
    for lang in LANGUAGES:
        for key, text in [pair for name in OF_PAGES for pair in messages(lang, name).items()]:
            assert words(lang)[key] == text


def test_methods_findings_and_quantities_speak_both_languages():
    for name in ("methods.toml", "findings.toml"):
        for rule, fields in tomllib.loads((ROOT / "data" / name).read_text("utf-8")).items():
            pairs = (
                [("title_en", "title_es"), ("text_en", "text_es")] if name[0] == "m" else [("en", "es")]
            )
            for english, spanish in pairs:
                assert fields[english] and fields[spanish], rule
                assert fields[english] != fields[spanish], rule


def test_every_quantity_has_a_label_and_a_definition_in_both_languages(shipped):
    rows = table(shipped, "quantity")
    assert rows.null_count().sum_horizontal().item() == 0
    for column in ("label_en", "label_es", "sort"):
        assert rows[column].n_unique() == rows.height
    for row in rows.iter_rows(named=True):
        assert row["definition_en"] != row["definition_es"]
        assert row["better"] in (-1, 0, 1)
        assert row["part"] in ("boundary", "gas", "subpart", "none")


def test_saying_fills_in_facts_and_refuses_an_unknown_key():
    assert say("en", "plants.count", n=3) == "3 plants"
    assert say("es", "plants.count", n=3) != say("en", "plants.count", n=3)
    with pytest.raises(KeyError):
        say("en", "no.such.key")
