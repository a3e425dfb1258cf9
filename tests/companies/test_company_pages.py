"""Pages of companies: what they show, in both languages, without a script; and the data beside them."""

import re
from html.parser import HTMLParser

import pytest

from comingclean.views import companies, pages, query
from comingclean.views.words import LANGUAGES, say


class Shape(HTMLParser):
    """The links, headings and table rows of a page, and whether its elements are closed."""

    void = ("meta", "link", "br", "input", "img")
    drawn = ("polygon", "polyline", "circle", "line")

    def __init__(self, text):
        super().__init__()
        self.open, self.links, self.heads, self.ids = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag not in (*self.void, *self.drawn):
            self.open.append(tag)
        if tag == "a":
            self.links.append(known.get("href"))
        if "id" in known:
            self.ids.append(known["id"])

    def handle_endtag(self, tag):
        if tag not in self.drawn:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("h1", "h2"):
            self.heads.append(data.strip())


def every_id(connection):
    return [row["company_id"] for row in companies.companies(connection)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_company_has_a_page_that_is_whole(lang, connection):
    for company_id in every_id(connection):
        text = companies.company_page(connection, company_id, lang)
        shape = Shape(text)
        assert shape.open == [], company_id
        assert len(shape.ids) == len(set(shape.ids)), company_id
        assert "{" not in re.sub(r"<script.*?</script>", "", text), company_id
        assert "None" not in text, company_id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_of_the_pages_leads_somewhere(lang, connection, client):
    base = "/" if lang == "en" else "/es/"
    targets = set()
    for company_id in ("nucor", "nippon-steel", "oldcastle-materials", "suncoke-energy"):
        text = companies.company_page(connection, company_id, lang)
        targets |= set(Shape(text).links)
    targets |= set(Shape(companies.companies_page(connection, lang)).links)
    targets = {link.split("#")[0] for link in targets if link.startswith("/")}
    wanted = {f"{base}companies/nucor", f"{base}plants/nucor-berkeley-sc", f"{base}sources"}
    assert wanted <= targets
    # Plants and companies have a page each (tested where all are made): of those the ids must be known.
    plants = {f"{base}plants/{row['facility_id']}" for row in query.plants(connection)}
    firms = {f"{base}companies/{company_id}" for company_id in every_id(connection)}
    few = (
        targets - plants - firms | set(sorted(targets & plants)[:5]) | set(sorted(targets & firms)[:5])
    )
    answers = {target: client.get(target).status_code for target in few}
    assert {target for target, status in answers.items() if status != 200} == set()


def test_the_figure_the_interval_and_the_grade_of_a_total_are_shown(connection):
    found = companies.company(connection, "nucor")
    newest = found["values"][-1]
    text = companies.company_page(connection, "nucor", "en")
    assert newest["low"] < newest["value"] < newest["high"]
    assert '<span class="number">5.3</span> <span class="unit">Mt CO₂e</span>' in text
    assert "between 4.99 and 5.71 Mt CO₂e" in text
    assert f'data-grade="{newest["grade"]}"' in text
    assert "Joint ventures, counted by its share: 1." in text
    assert '<svg class="trend"' in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_whose_plants_the_curve_is_of(lang, connection):
    for company_id in ("nucor", "nippon-steel"):
        text = companies.company_page(connection, company_id, lang)
        assert say(lang, "company.same_plants") in text
    current = companies.company_page(connection, "nippon-steel", lang)
    assert say(lang, "company.note.current") in current
    assert say(lang, "company.note.older") in companies.company_page(
        connection, "oldcastle-materials", lang
    )


def test_a_share_stands_beside_the_plant_with_its_year(connection):
    text = companies.company_page(connection, "yamato-kogyo", "en")
    assert "49 %" in text
    assert "parent, 2023" in text
    assert "49 %" in companies.company_page(connection, "yamato-kogyo", "es")
    assert "36,8 %" in companies.company_page(connection, "cemex-sab-de-cv", "es")


def test_a_plants_figure_on_the_page_is_its_share(connection):
    whole = companies.company(connection, "nucor-yamato-steel")["plants"][0]["figure"]["value"]
    part = companies.company(connection, "yamato-kogyo")["plants"][0]["figure"]
    assert part["value"] == pytest.approx(0.49 * whole)
    assert part["low"] < part["value"] < part["high"]


def test_a_newer_parent_is_named_where_the_older_one_is_counted(connection):
    (newer,) = companies.company(connection, "united-states-steel")["newer"]
    assert (newer["company_id"], newer["plants"], newer["year"]) == ("nippon-steel", 6, 2025)
    text = companies.company_page(connection, "united-states-steel", "en")
    assert '<a href="/companies/nippon-steel">Nippon Steel Corp.</a> (plants: 6, as of 2025)' in text
    assert companies.company(connection, "nippon-steel")["newer"] == []
    partners = [
        companies.company(connection, name)["newer"] for name in ("yamato-kogyo", "cementir-holding")
    ]
    assert partners == [[], []]


def test_what_was_sold_is_listed_under_whom_it_counts_now(connection):
    found = companies.company(connection, "arcelormittal-usa")
    sold = {row["facility_id"] for row in found["others"]}
    assert "cleveland-cliffs-burns-harbor-in" in sold
    (parent,) = found["counts_by"]["cleveland-cliffs-burns-harbor-in"]
    assert parent["company_id"] == "cleveland-cliffs"


def test_the_list_is_in_order_and_parents_stand_apart(connection):
    listed = companies.companies(connection)
    values = [row["value"] or 0.0 for row in listed]
    assert values == sorted(values, reverse=True)
    text = companies.companies_page(connection, "en")
    parents, members = text.index('id="parents"'), text.index('id="members"')
    assert parents < text.index("/companies/united-states-steel") < members
    assert members < text.index('"/companies/nippon-steel"')
    assert "they hold 99.8 % of" in text
    assert "tienen el 99,8 % de" in companies.companies_page(connection, "es")


def test_each_listed_number_can_be_sorted_by_its_own_value(connection):
    text = companies.companies_page(connection, "en")
    table = text[text.index('id="parents"') : text.index('id="members"')]
    shown = [
        float(v) for v in re.findall(r'data-value="([\d.e+-]+)">[\d.]+<span class="under">', table)
    ]
    assert len(shown) > 50
    assert shown == sorted(shown, reverse=True)
    assert 'data-sort="number" aria-sort="descending"' in table


def test_a_plants_page_links_its_parents_with_their_shares(connection):
    text = pages.plant_page(connection, "nucor-yamato-blytheville-ar", "en")
    assert '<a href="/companies/nucor">Nucor Corp.</a> (51 %)' in text
    assert '<a href="/companies/yamato-kogyo">Yamato Kogyo Co. Ltd.</a> (49 %)' in text
    gary = pages.plant_page(connection, "us-steel-gary-works-in", "en")
    assert gary.index("/companies/united-states-steel") < gary.index("/companies/nippon-steel")
    assert '<a href="/es/companies/' in pages.plant_page(connection, "us-steel-gary-works-in", "es")


def test_the_menu_leads_to_companies_in_both_languages(connection):
    for lang, path, word in (("en", "/companies/", "Companies"), ("es", "/es/companies/", "Empresas")):
        assert f'<a href="{path}">{word}</a>' in pages.sources_page(connection, lang)
        assert f'<a href="{path}" aria-current="page">{word}</a>' in companies.companies_page(
            connection, lang
        )


def test_data_files_say_what_the_pages_say(client, connection):
    listed = client.get("/data/companies.json").json()
    assert [row["company_id"] for row in listed] == every_id(connection)
    nucor = client.get("/data/company/nucor.json").json()
    assert nucor["company"]["name"] == "Nucor Corp."
    assert nucor["values"][-1]["unit"] == "t CO2e"
    assert nucor["values"][-1]["sources"]


@pytest.mark.parametrize(
    "address", ["/companies/nobody", "/es/companies/nobody", "/data/company/no.json"]
)
def test_an_unknown_company_is_not_found(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert ("json" in answer.headers["content-type"]) == address.startswith("/data/")
