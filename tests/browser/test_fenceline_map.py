"""A neighbour on the map: name a place, or point at one, see who lives there and what stands there."""

import json
import re
from pathlib import Path
from urllib.request import urlopen

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from comingclean import verbs
from comingclean.views.words import words

from .conftest import Visit

pytestmark = pytest.mark.browser
GARY = "?near=41.61,-87.33"
PLANT = "?plant=us-steel-gary-works-in&at=41.6,-87.2,9.5"
CARD = {"": "What surrounds it", "es/": "Lo que hay alrededor"}


@pytest.fixture(scope="module", autouse=True)
def warm(address: str) -> None:
    """Ask once for all that is read on first use, so that no test waits for it."""
    for path in ("data/find.json?q=gary", "near?at=41.61,-87.33", "es/near?at=41.61,-87.33"):
        with urlopen(address + path, timeout=120) as answer:
            assert answer.status == 200


def opened(page: Page, path: str = "") -> Page:
    """The map, once it has drawn plants."""
    page.goto(path)
    page.locator("[data-drawn]:not([data-drawn='0'])").wait_for(state="attached", timeout=60_000)
    return page


def report(page: Page) -> Locator:
    return page.locator("article#place")


def card(page: Page) -> Locator:
    return page.locator("details.around")


def search(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search plants and places")


def canvas(page: Page) -> Locator:
    return page.locator("canvas.maplibregl-canvas")


def shade(page: Page, indicator: str) -> None:
    card(page).get_by_role("combobox").select_option(indicator)
    page.locator("[data-discs]:not([data-discs='0'])").wait_for(state="attached", timeout=60_000)


def asked(visit: Visit, path: str) -> list[str]:
    return [url for url in visit.requests if path in url]


def test_a_zip_code_is_found_by_our_own_server_and_its_report_opens(visit: Visit, address: str) -> None:
    page = opened(visit.page)
    search(page).press_sequentially("46")
    page.wait_for_timeout(600)
    assert asked(visit, "find.json") == []
    search(page).press_sequentially("402")
    places = page.get_by_role("group", name="Report on a place")
    expect(places.get_by_role("option")).to_have_text(re.compile("46402 Gary, IN ZIP code"))
    assert len(asked(visit, "find.json")) <= 2
    places.get_by_role("option").click()
    expect(page).to_have_url(re.compile(r"\?near=41\.\d+,-87\.\d+"))
    expect(report(page).get_by_role("heading", level=1)).to_be_focused()
    expect(report(page)).to_contain_text("people live within")
    expect(report(page).get_by_role("heading", level=1)).to_have_text("Report for 46402 Gary, IN")
    shade(page, "poverty")
    assert [u for u in visit.requests if not u.startswith((address, "data:", "blob:" + address))] == []


def test_what_surrounds_a_place_costs_nothing_before_one_is_opened(visit: Visit) -> None:
    page = opened(visit.page)
    assert asked(visit, "Around") == []
    page.goto(GARY)
    expect(card(page)).to_be_visible()
    assert asked(visit, "Around")


def test_enter_opens_the_only_thing_that_is_called_that(page: Page) -> None:
    opened(page)
    search(page).fill("46402")
    search(page).press("Enter")
    expect(report(page)).to_be_visible()
    search(page).fill("gary works")
    search(page).press("Enter")
    expect(page).to_have_url(re.compile("find=gary"))
    expect(page.locator(".panel")).to_have_count(0)


def test_a_city_is_chosen_with_the_arrow_keys(page: Page) -> None:
    opened(page)
    search(page).fill("41.61, -87.33")
    expect(page.get_by_role("option", name="coordinates")).to_be_visible()
    search(page).fill("garyv")
    option = page.get_by_role("option", name="Garyville, LA")
    expect(option).to_be_visible()
    search(page).press("ArrowUp")
    expect(option).to_have_attribute("aria-selected", "true")
    search(page).press("Enter")
    expect(page).to_have_url(re.compile(r"near=30\.\d+,-90"))


def test_a_press_on_the_empty_map_opens_its_report_and_the_way_back_closes_it(page: Page) -> None:
    opened(page, "?at=43,-104.5,7")
    canvas(page).click(position={"x": 400, "y": 400})
    expect(page).to_have_url(re.compile(r"near=4\d\.\d+,-10\d\.\d+"))
    expect(report(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(report(page)).to_have_count(0)
    expect(canvas(page)).to_be_focused()
    page.go_back()
    expect(report(page)).to_be_visible()
    page.go_back()
    expect(report(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?at=43,-104\.5,7$"))


def test_whoever_goes_back_while_the_map_still_flies_is_where_they_were(page: Page) -> None:
    opened(page, "?at=43,-104.5,5.5")
    search(page).fill("41.61, -87.33")
    page.get_by_role("option", name="coordinates").click()
    expect(page).to_have_url(re.compile(r"near=41\.61,-87\.33&at=41\."), timeout=1000)
    page.go_back()
    page.wait_for_timeout(1500)
    assert page.url.endswith("?at=43,-104.5,5.5")
    page.go_forward()
    expect(page).to_have_url(re.compile(r"near=41\.61,-87\.33&at=41\."))


def test_a_double_press_zooms_and_opens_nothing(page: Page) -> None:
    opened(page, "?at=43,-104.5,7")
    canvas(page).dblclick(position={"x": 400, "y": 400})
    expect(page).to_have_url(re.compile(r"at=.*,8$"))
    assert "near=" not in page.url


@pytest.mark.parametrize("how", ["key", "button"])
def test_the_middle_of_the_map_has_its_report_without_a_pointer(page: Page, how: str) -> None:
    opened(page, "?at=41.61,-87.33,9")
    if how == "key":
        canvas(page).focus()
    else:
        page.get_by_role("button", name="Report for the middle of the map").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"near=41\.61,-87\.33&"))
    expect(report(page)).to_be_visible()


def test_a_place_is_kept_in_the_address_in_both_languages(page: Page) -> None:
    opened(page, f"{GARY}&rings=0&shade=poverty")
    expect(page).to_have_url(re.compile(r"at=41\.\d+,-87\.\d+,\d+"))
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(re.compile(r"/es/\?near=41\.61,-87\.33&rings=0&shade=poverty&at="))
    expect(report(page)).to_be_visible()
    expect(card(page).get_by_label("Círculos")).not_to_be_checked()
    expect(page).to_have_title(re.compile("41.61"))
    card(page).get_by_label("Círculos").check()
    expect(page).not_to_have_url(re.compile("rings"))


def test_a_link_within_the_report_stays_on_the_map(page: Page) -> None:
    opened(page, GARY)
    report(page).get_by_role("link", name="U.S. Steel Gary Works").first.click()
    expect(page).to_have_url(re.compile("plant=us-steel-gary-works-in"))
    expect(page.locator("article#plant")).to_be_visible()
    expect(report(page)).to_have_count(0)
    page.go_back()
    expect(report(page)).to_be_visible()


def test_every_indicator_can_be_shaded_and_not_known_is_no_class(page: Page, database: Path) -> None:
    opened(page, PLANT)
    chooser = card(page).get_by_role("combobox", name="Color the neighborhoods by")
    expected = verbs.table("indicator", database).sort("sort")["label_en"].to_list()
    expect(chooser.locator("option")).to_have_text(["nothing", *expected])
    shade(page, "poverty")
    expect(page).to_have_url(re.compile("shade=poverty"))
    card(page).get_by_text("What is this?").click()
    rows = dict(row.inner_text().rsplit(maxsplit=1) for row in card(page).locator("tbody tr").all())
    gary = verbs.table("facility", database).row(
        by_predicate=pl.col("facility_id") == "us-steel-gary-works-in", named=True
    )
    at = f"{gary['latitude']},{gary['longitude']}"
    told = json.loads(page.request.get(f"data/blocks.json?at={at}&miles=5").text())
    values = told["indicators"]["poverty"]
    assert sum(map(int, rows.values())) == pytest.approx(len(values), abs=3)
    assert int(rows["not known, or few people"]) == values.count(None) > 0


def test_where_nothing_is_known_the_discs_are_hatched_and_have_no_class(page: Page) -> None:
    opened(page, "?near=18.01,-66.61")
    shade(page, "poverty")
    expect(card(page)).to_contain_text("not known")
    card(page).get_by_text("What is this?").click()
    expect(card(page).locator("tbody tr")).to_have_text(re.compile(r"not known, or few people\s*\d{3}"))
    expect(card(page).locator(".tone")).to_have_count(0)
    shade(page, "white")
    expect(card(page).locator(".tone")).not_to_have_count(0)


def test_other_emitters_are_named_where_the_keyboard_is(page: Page) -> None:
    opened(page, GARY)
    told = json.loads(page.request.get("data/emitters.json?at=41.61,-87.33&miles=10").text())
    expect(card(page).get_by_label("Other facilities")).to_be_checked()
    expect(card(page)).to_contain_text(f"Other facilities {len(told)}")
    card(page).get_by_text("List the other facilities").click()
    largest = max(told, key=lambda row: row["value"] or 0)
    card(page).get_by_role("button", name=largest["name"]).focus()
    tip = page.locator(".tip")
    expect(tip).to_contain_text(largest["name"])
    expect(tip).to_contain_text(f"Mt CO₂e, {largest['year']}")
    expect(tip).to_contain_text("between")
    card(page).get_by_label("Other facilities").uncheck()
    expect(page).to_have_url(re.compile("others=0"))
    expect(tip).to_have_count(0)


@pytest.mark.parametrize(
    ("near", "status"), [("43.5,-87", "status.at sea"), ("48.85,2.35", "status.out of the country")]
)
@pytest.mark.parametrize("base", CARD)
def test_a_place_that_cannot_be_counted_gets_the_servers_own_sentence(
    page: Page, base: str, near: str, status: str
) -> None:
    page.goto(f"{base}?near={near}")
    expect(report(page)).to_contain_text(words(base.strip("/") or "en")[status])


@pytest.mark.parametrize("base", CARD)
def test_across_the_border_the_report_says_so_and_nothing_else_is_asked(
    visit: Visit, base: str
) -> None:
    page = opened(visit.page, f"{base}?near=42.317,-83.04&shade=poverty")
    expect(report(page)).to_contain_text(words(base.strip("/") or "en")["country.CAN"])
    page.wait_for_timeout(500)
    assert asked(visit, "emitters.json") == asked(visit, "blocks.json") == []


def test_radii_of_ones_own_are_counted_in_the_panel_drawn_and_kept_in_the_address(visit: Visit) -> None:
    page = opened(visit.page, GARY)
    form = report(page).locator("form.radii")
    form.get_by_role("textbox").fill("0.5, 3.7")
    form.get_by_role("button").click()
    expect(report(page)).to_contain_text("within 3.7 miles (6.0 km)")
    expect(page).to_have_url(re.compile(r"near=41\.61,-87\.33&miles=0\.5,3\.7"))
    assert len(asked(visit, "near?at=41.61,-87.33&miles=0.5,3.7")) == 1
    page.reload()
    expect(report(page)).to_contain_text("within 3.7 miles (6.0 km)")
    expect(report(page)).not_to_contain_text("within 10 miles")
    page.go_back()
    expect(report(page)).to_contain_text("within 10 miles")


@pytest.mark.parametrize("query", ["?near=x&shade=sorrow&rings=maybe", "?near=41.6"])
def test_a_bad_word_about_a_place_falls_back_quietly(page: Page, query: str) -> None:
    opened(page, query)
    expect(page.locator(".panel")).to_have_count(0)
    expect(page.get_by_role("region", name="Plants, ranked")).to_contain_text("U.S. Steel Gary Works")


@pytest.mark.parametrize(
    ("base", "query"),
    [("", f"{GARY}&shade=poverty"), ("es/", f"{PLANT}&shade=population")],
)
def test_a_place_with_all_around_it_offends_no_accessibility_rule(
    page: Page, base: str, query: str
) -> None:
    opened(page, base + query)
    page.locator("[data-discs]:not([data-discs='0'])").wait_for(state="attached", timeout=60_000)
    for summary in card(page).locator("details > summary").all():
        summary.click()
    search_box = page.get_by_role("combobox").first
    search_box.fill("gary")
    expect(page.get_by_role("option").first).to_be_visible()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("base", CARD)
def test_a_phone_shows_what_surrounds_a_place(phone: Page, base: str) -> None:
    opened(phone, f"{base}{GARY}")
    expect(report(phone)).to_be_visible()
    summary = card(phone).get_by_text(CARD[base], exact=True)
    expect(card(phone).get_by_role("combobox")).to_be_hidden()
    summary.tap()
    shade(phone, "people_of_colour")
    summary.tap()
    canvas(phone).tap(position={"x": 60, "y": 250})
    expect(phone).not_to_have_url(re.compile(re.escape(GARY)))
    expect(phone).to_have_url(re.compile("near="))
    expect(report(phone)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_map_goes_to_a_place_at_once_where_motion_is_unwelcome(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(base_url=address, reduced_motion="reduce")
    page = opened(context.new_page())
    moves = (
        "() => new Promise(done => { let n = 0; const url = () => location.search.includes('at=');"
        " const tick = () => url() ? done(n) : (n += 1, requestAnimationFrame(tick)); tick(); })"
    )
    search(page).fill("41.61, -87.33")
    page.get_by_role("option", name="coordinates").click()
    assert page.evaluate(moves) <= 3
    context.close()
