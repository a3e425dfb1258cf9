"""The gazetteer: what people write for a place, in English and Spanish, and what is no place."""

import numpy as np
import pytest
import zipcodes
from hypothesis import example, given
from hypothesis import strategies as st

from comingclean.views import gazetteer
from comingclean.views.words import words


def labels(text):
    return [spot.label for spot in gazetteer.meant(text)]


@pytest.mark.parametrize("text", ["46402", " 46402 ", "46402-1234", "Gary, IN 46402", "ZIP 46402"])
def test_a_zip_code_is_where_its_post_office_says(text):
    (spot,) = gazetteer.meant(text)
    assert (spot.label, spot.kind) == ("46402 Gary, IN", "zip")
    assert (spot.latitude, spot.longitude) == pytest.approx((41.6, -87.34), abs=0.01)


@pytest.mark.parametrize("text", ["４６４０２", "46402\u00a0", "４６４０２－１２３４"])
def test_wide_digits_and_blanks_are_plain_ones(text):
    assert labels(text) == ["46402 Gary, IN"]


@example("٤٦٤٠٢")
@example("٤١٫٦, -٨٧")
@example("४६४०२-१२३४")
@given(st.text())
def test_no_text_at_all_is_too_much(text):
    for find in (gazetteer.meant, gazetteer.find):
        assert all(isinstance(spot, gazetteer.Spot) for spot in find(text))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Gary, IN", "Gary, IN"),
        ("gary indiana", "Gary, IN"),
        ("GARY,INDIANA", "Gary, IN"),
        ("New York, NY", "New York, NY"),
        ("new york, nueva york", "New York, NY"),
        ("Raleigh, Carolina del Norte", "Raleigh, NC"),
        ("Raleigh N.C.", "Raleigh, NC"),
        ("Lancaster, Pensilvania", "Lancaster, PA"),
        ("Charleston, West Virginia", "Charleston, WV"),
        ("Charleston Virginia Occidental", "Charleston, WV"),
        ("Mayagüez", "Mayaguez, PR"),
        ("Cañon City", "Canon City, CO"),
        ("San Juan, Puerto Rico", "San Juan, PR"),
        ("St. Louis, MO", "Saint Louis, MO"),
        ("st louis mo", "Saint Louis, MO"),
        ("Ft. Worth, Texas", "Fort Worth, TX"),
        ("Mt Vernon, NY", "Mount Vernon, NY"),
        ("Rocky Mount, NC", "Rocky Mount, NC"),
        ("Winston-Salem, NC", "Winston Salem, NC"),
        ("Arkansas City, Kansas", "Arkansas City, KS"),
        ("Washington, D.C.", "Washington, DC"),
        ("Chicago", "Chicago, IL"),
        ("indianap", "Indianapolis, IN"),
        ("O’Fallon, MO", "O Fallon, MO"),
        ("O'Fallon, MO", "O Fallon, MO"),
        ("Coeur dʼAlene ID", "Coeur D Alene, ID"),
        ("Gary, IN, USA", "Gary, IN"),
        ("Gary, Indiana, Estados Unidos", "Gary, IN"),
        ("Gary, IN, US", "Gary, IN"),
        ("46402, U.S.A.", "46402 Gary, IN"),
        ("New York City", "New York, NY"),
        ("New York City, NY", "New York, NY"),
        ("N. Little Rock, AR", "North Little Rock, AR"),
        ("E Chicago, IN", "East Chicago, IN"),
    ],
)
def test_a_city_is_found_by_name_and_state_in_either_language(text, label):
    assert labels(text) == [label]


def test_a_city_of_which_there_are_several_is_not_guessed():
    assert labels("Kansas City") == ["Kansas City, MO", "Kansas City, KS"]
    assert len(labels("Springfield")) == gazetteer.MOST
    assert all(label.startswith("Springfield, ") for label in labels("Springfield"))
    assert labels("Gary")[0] == "Gary, IN"
    assert {label.split(",")[0] for label in labels("Gary")} == {"Gary"}


def test_while_a_name_is_typed_longer_names_are_offered_after_the_whole_one():
    found = [spot.label for spot in gazetteer.find("Chicago")]
    assert found[:2] == ["Chicago, IL", "Chicago Heights, IL"]
    assert len(found) <= gazetteer.MOST
    assert "Garyville, LA" in [spot.label for spot in gazetteer.find("gary")]


def test_a_state_alone_is_no_city_of_another_state():
    assert labels("West Virginia") == []
    assert all(label.startswith("Virginia, ") for label in labels("Virginia"))
    assert all(label.startswith("Kansas, ") for label in labels("kansas"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "xyzzy",
        "00000",
        "4640",
        "46402-12",
        "464021",
        "Cook County, IL",
        "?",
        "<script>",
        "41.61",
        "41.61,",
    ],
)
def test_what_is_no_place_of_ours_is_none(text):
    assert gazetteer.find(text) == []
    assert gazetteer.meant(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "41.61,-87.33",
        "41.61, -87.33",
        "41.61 -87.33",
        "41.61;-87.33",
        " +41.61 , -87.33 ",
        "41.61, −87.33",
        "41.61° N, 87.33° W",
        "41.61N 87.33w",
        "41.61 N, 87.33 O",
        "(41.61, -87.33)",
        "[41.61; -87.33]",
        "41.61, - 87.33",
        "N41.61 W87.33",
        "87.33° W, 41.61° N",
        "41°36'36\"N 87°19'48\"W",
        "41°36′36″N, 87°19′48″W",
        "41°36’36”N 87°19’48”W",
        "41° 36.6' N 87° 19.8' W",
        "41,61 -87,33",
        "41,61;-87,33",
        "41,61,-87,33",
    ],
)
def test_coordinates_are_read_as_people_write_them(text):
    (spot,) = gazetteer.meant(text)
    assert (spot.kind, spot.latitude, spot.longitude) == ("coordinates", 41.61, -87.33)
    assert spot.label == "41.61, -87.33"


@pytest.mark.parametrize("text", ["-87.33,41.6", "941.6, -87", "0,0", "91 181"])
def test_coordinates_out_of_the_world_are_left_to_the_engine_to_judge(text):
    (spot,) = gazetteer.meant(text)
    assert spot.kind == "coordinates"


def test_the_label_of_coordinates_is_as_exact_as_they_are():
    (spot,) = gazetteer.meant("41.6123456,-87.0000001")
    assert spot.label == "41.6123456, -87.0000001"
    assert gazetteer.meant(spot.label) == [spot]


@pytest.mark.parametrize("text", ["41.61 N 87.33 N", "41.61 W 87.33 W", "41°99x", "N41.61"])
def test_two_latitudes_are_no_place(text):
    assert gazetteer.meant(text) == []


@pytest.mark.parametrize(
    ("code", "label"), [("96910", "96910 Hagatna, GU"), ("00802", "00802 St Thomas, VI")]
)
def test_a_code_of_the_islands_is_a_place_though_nobody_there_is_in_the_file(code, label):
    assert labels(code) == [label]


@given(st.text(max_size=100))
def test_any_text_has_an_answer_and_never_too_long_a_one(text):
    found = gazetteer.meant(text)
    assert len(found) <= gazetteer.MOST
    assert all(-999 <= degrees <= 999 for spot in found for degrees in (spot.latitude, spot.longitude))


def test_every_label_leads_back_to_its_own_place():
    every = gazetteer._every_city()
    for at in np.random.default_rng(4).choice(len(every), 150, replace=False):
        spot = every[at][-1]
        assert gazetteer.meant(spot.label) == [spot]


def test_every_city_is_within_the_box_of_its_codes_and_in_a_state_that_has_words():
    boxes = {}
    for row in zipcodes.list_all():
        key = gazetteer._plain(row["city"]), row["state"]
        boxes.setdefault(key, []).append((float(row["lat"] or 0), float(row["long"] or 0)))
    for plain, state, _, spot in gazetteer._every_city():
        assert words("es")[f"state.{state}"]
        latitudes, longitudes = zip(*boxes[plain, state], strict=True)
        assert min(latitudes) - 1e-4 <= spot.latitude <= max(latitudes) + 1e-4
        assert min(longitudes) - 1e-4 <= spot.longitude <= max(longitudes) + 1e-4


def test_a_place_on_the_map_keeps_the_name_that_it_was_chosen_by():
    for text, name in (("15104", "15104 Braddock, PA"), ("Gary, IN", "Gary, IN")):
        (spot,) = gazetteer.meant(text)
        at = gazetteer.Spot("?", "coordinates", round(spot.latitude, 4), round(spot.longitude, 4))
        assert gazetteer.named(at).label == name
    nowhere = gazetteer.Spot("43, -104.5", "coordinates", 43.0, -104.5)
    assert gazetteer.named(nowhere) == nowhere
    (chicago,) = gazetteer.meant("Chicago, IL")
    assert gazetteer.named(chicago) == chicago
