"""Where things lie: what the package ships, and what belongs to the user."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

PACKAGE = Path(__file__).parent
_CHECKOUT = PACKAGE.parents[1]


def _shipped(name: str) -> Path:
    """A folder that lies in the wheel beside the code, and at the root of a checkout."""
    inside = PACKAGE / "shipped" / name
    return inside if inside.is_dir() else _CHECKOUT / name


def data() -> Path:
    """What was decided by hand: registry, corrections, parameters, cards, words of methods."""
    return _shipped("data")


def snapshot() -> Path:
    """The compiled facts that the package ships."""
    return _shipped("snapshot")


def web() -> Path:
    """The built front end."""
    return PACKAGE / "web"


def geography() -> Path:
    """Outlines of counties and of land, which the map draws too; manifest.json has their checksums."""
    return _shipped("geography")


def counties() -> Path:
    """County outlines of 2023."""
    return geography() / "counties-10m.json"


def lands() -> Path:
    """Coasts and lakes of North America."""
    return geography() / "near.json"


def abroad() -> Path:
    """Neighbouring countries and islands whose people the census file leaves out."""
    return geography() / "abroad.json"


def user_databases() -> Path:
    """The folder of the user's own databases, one folder a release."""
    return user_data_path("comingclean", appauthor=False)


def user_database(release: str) -> Path:
    """The database of a release in the user's own data directory."""
    return user_databases() / release / "comingclean.sqlite"
