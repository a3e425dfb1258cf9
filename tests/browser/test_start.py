"""The map when it cannot start, and what is left of it when it goes."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("base", "words"), [("", "did not start"), ("es/", "no se pudo iniciar")])
@pytest.mark.parametrize("lost", ["plants.json", "quantities.json"])
def test_where_the_data_do_not_come_the_page_says_so_and_names_the_others(
    base, words, lost, chromium, address
):
    context = chromium.new_context()
    page = context.new_page()
    page.route(f"**/data/{lost}", lambda route: route.abort())
    page.goto(address + base)
    broken = page.locator("#broken")
    expect(broken).to_be_visible()
    expect(broken).to_contain_text(words)
    assert broken.locator("a").get_attribute("href") == f"/{base}plants/"
    context.close()


def test_a_map_that_went_listens_no_more_when_the_light_changes(visit):
    page, switch = visit.page, visit.page.locator(".switch button")
    page.goto("")
    for _ in range(2):
        page.locator("[data-drawn]:not([data-drawn='0'])").wait_for(state="attached", timeout=60_000)
        switch.nth(1).click()
        expect(page.locator(".plant-table")).to_be_visible()
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
        switch.nth(0).click()
    assert visit.complaints == []
