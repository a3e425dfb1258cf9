"""Words of the pages, by language: every file in words/<language>/ is one view's."""

from __future__ import annotations

import json
from functools import cache
from typing import Final

from comingclean import paths

LANGUAGES: Final = ("en", "es")


@cache
def words(lang: str) -> dict[str, str]:
    """Every message of a language by its dotted key."""
    messages: dict[str, str] = {}
    for path in sorted((paths.PACKAGE / "words" / lang).glob("*.json")):
        messages |= json.loads(path.read_text("utf-8"))
    return messages


def say(lang: str, key: str, **facts: object) -> str:
    """A message with its facts filled in. Raises KeyError for a key that the language lacks."""
    return words(lang)[key].format(**facts)
