"""A person's job on the map: find a plant, see how its number is known, send the view to someone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from comingclean import verbs

from .conftest import _FLAGS, Visit, find

pytestmark = pytest.mark.browser
EVERYWHERE = "?at=40,-110,1.6"  # all states and Puerto Rico in one picture


def ranking(page: Page):
    return page.get_by_role("region", name="Plants, ranked")


def opened(page: Page, path: str = "") -> Page:
    page.goto(path)
    expect(ranking(page).get_by_role("link", name="U.S. Steel Gary Works")).to_be_attached()
    return page


def drawn(page: Page) -> int:
    """How many plants the map has really drawn in this picture, once it has drawn some."""
    frame = page.locator("[data-drawn]:not([data-drawn='0'])")
    frame.wait_for(state="attached", timeout=60_000)
    return int(frame.get_attribute("data-drawn") or 0)


def test_the_map_draws_every_plant_and_asks_no_other_host(
    visit: Visit, address: str, database: Path
) -> None:
    opened(visit.page, EVERYWHERE)
    placed = verbs.table("facility", database).drop_nulls("latitude")  # all but the announced ones
    assert drawn(visit.page) == placed.height >= 261
    outside = [
        url for url in visit.requests if not url.startswith((address, "data:", "blob:" + address))
    ]
    assert outside == []


def test_the_first_view_is_at_most_600_kilobytes_over_the_wire(visit: Visit) -> None:
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    opened(visit.page)
    drawn(visit.page)
    visit.page.wait_for_load_state("networkidle")
    assert len(sizes) >= 8
    assert sum(sizes) <= 600_000


def test_a_neighbour_finds_the_plant_and_how_its_number_is_known(page: Page) -> None:
    opened(page)
    box = page.get_by_role("combobox", name="Search plants")
    box.fill("edgar thom")
    page.get_by_role("option", name=re.compile("Edgar Thomson")).click()
    expect(page).to_have_url(re.compile("plant=us-steel-edgar-thomson-pa"))
    panel = page.locator("article#plant")
    # The map flies there meanwhile, and software draws it.
    expect(panel.get_by_role("heading", level=1)).to_be_focused(timeout=30_000)
    expect(panel.locator("#ghg_scope1")).to_contain_text("3.6")
    panel.locator("#ghg_scope1").get_by_text("How do we know?").click()
    expect(panel.locator("#ghg_scope1 table")).to_contain_text("row 6037")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    page.go_back()
    expect(panel).to_be_visible()


def test_the_whole_view_is_in_the_address_and_comes_back(page: Page) -> None:
    page.goto("?q=ghg_reported&y=2015&i=cement&s=TX")
    plants = ranking(page).locator("ol > li")
    expect(plants.first).to_be_attached()
    names = plants.all_inner_texts()
    assert names
    assert all(", TX" in name for name in names)
    page.reload()
    expect(plants.first).to_be_attached()
    assert plants.all_inner_texts() == names
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(re.compile(r"/es/\?.*y=2015"))
    expect(page.get_by_role("status").first).to_contain_text("2015")


def test_bad_words_in_the_address_fall_back_quietly(page: Page) -> None:
    opened(page, "?q=nonsense&y=1815&i=sugar&plant=nobody&at=x&s=ZZ")
    expect(ranking(page)).to_contain_text("U.S. Steel Gary Works")


def test_every_mappable_quantity_is_in_the_menu_by_itself(page: Page, database: Path) -> None:
    opened(page)
    shown = page.get_by_role("combobox", name="What to show").locator("option").all_inner_texts()
    rows = verbs.table("quantity", database)
    used = set(verbs.table("value", database)["quantity"])
    expected = [
        r["label_en"]
        for r in rows.sort("sort").iter_rows(named=True)
        if r["mappable"] and r["quantity"] in used
    ]
    assert [text.strip() for text in shown] == expected


def test_the_list_works_with_the_keyboard_alone(page: Page) -> None:
    opened(page)
    first = ranking(page).get_by_role("link", name="U.S. Steel Gary Works")
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(ranking(page).get_by_role("link", name="Cleveland-Cliffs Burns Harbor")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("plant=cleveland-cliffs-burns-harbor-in"))


def test_a_phone_shows_map_list_and_plant(phone: Page) -> None:
    opened(phone)
    assert drawn(phone) > 100
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    ranking(phone).get_by_role("link", name="U.S. Steel Gary Works").click()
    expect(phone.locator("article#plant")).to_be_visible()


def test_without_webgl_the_list_still_works_and_a_sentence_says_so(
    chromium: Browser, address: str
) -> None:
    browser = chromium.browser_type.launch(
        executable_path=find(), args=[*_FLAGS, "--disable-gpu", "--disable-3d-apis"]
    )
    page = opened(browser.new_page(base_url=address))
    expect(page.get_by_text("This browser cannot draw the map")).to_be_visible()
    ranking(page).get_by_role("link", name="U.S. Steel Gary Works").click()
    expect(page.locator("article#plant")).to_be_visible()
    browser.close()


def test_a_plant_is_opened_with_its_rings_in_sight_and_closing_it_goes_back(page: Page) -> None:
    opened(page)
    drawn(page)
    ranking(page).get_by_role("link", name="U.S. Steel Gary Works").click()
    expect(page).to_have_url(re.compile(r"plant=us-steel-gary-works-in&at=41\.\d+,-87\.\d+,(9|10)"))
    expect(page.locator("article#plant")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/$"))
    page.go_back()
    expect(page.locator("article#plant")).to_be_visible()


def test_whoever_wants_no_rings_keeps_the_view_and_sees_the_plant_in_it(page: Page) -> None:
    opened(page, "?rings=0&at=40,-95,4")
    drawn(page)
    ranking(page).get_by_role("link", name="U.S. Steel Gary Works").click()
    expect(page.locator("article#plant")).to_be_visible()
    expect(page).to_have_url(re.compile(r"rings=0&at=[\d.]+,-[\d.]+,4$"))


def test_folded_filters_say_how_many_are_in_use(page: Page) -> None:
    opened(page)
    page.get_by_role("button", name="More filters").click()
    page.get_by_role("combobox", name="Status").select_option("operating")
    page.get_by_label("Only plants that ran in 2020").check()
    expect(page.get_by_role("button", name="More filters, 2 in use")).to_be_visible()
    page.get_by_role("button", name="Show all plants").click()
    expect(page.get_by_role("button", name="More filters", exact=True)).to_be_visible()


def test_ten_plants_are_in_the_first_view(page: Page) -> None:
    opened(page)
    rows = ranking(page).locator("ol > li")
    inside = [box for row in rows.all()[:12] if (box := row.bounding_box()) and box["y"] < 890]
    assert len(inside) >= 10


def test_an_address_without_a_year_opens_one_that_has_figures(page: Page, database: Path) -> None:
    page.goto("?q=toxicity_weighted_air")
    expect(ranking(page).locator("ol > li").first).to_be_attached()
    expect(page).to_have_url(re.compile(r"y=20\d\d"))


@pytest.mark.parametrize("query", ["", "?q=pm25&y=2017", "?q=toxic_air&y=2020", "?q=employment&y=2020"])
def test_printed_figures_never_rise_down_the_ranking(page: Page, query: str) -> None:
    page.goto(query)
    values = ranking(page).locator("ol > li .value")
    expect(values.first).to_be_attached()
    shown = [float(text.replace(",", "")) for text in values.all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
