"""Findings on precision as rows: what every rule gives, and the names of quantities in sentences."""

from __future__ import annotations

from typing import Any

from comingclean.estimates.precision import Known

Row = dict[str, Any]


def finding(plant: str, subject: str, rule: str, evidence: list[str], **facts: object) -> Row:
    """A row for `findings.worded`; a finding without rows of its own rests on the plant's entry."""
    known = sorted(set(evidence)) or [f"facilities/{plant}"]
    return {
        "facility_id": plant,
        "subject": subject,
        "rule": rule,
        "evidence": known,
        "facts": facts,
    }


def labels(known: Known) -> dict[str, dict[str, dict[str, str]]]:
    """The names of a quantity as facts of a sentence: {quantity: {"what": {"en": …, "es": …}}}."""
    columns = ("quantity", "label_en", "label_es")
    return {
        name: {"what": {"en": english, "es": spanish}}
        for name, english, spanish in known.quantity.select(columns).iter_rows()
    }
