"""What the industries share: the tools of a run, priors from capacity and from emissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from comingclean.errors import InputError
from comingclean.estimates import total_rows
from comingclean.estimates.amounts import Amounts, joined
from comingclean.estimates.draws import REACH, Draws, Numbers, normal_between, sigma
from comingclean.estimates.evidence import SCOPE1, Evidence, Row
from comingclean.estimates.factors import Factor, Factors
from comingclean.estimates.production.reconcile import Target, reconcile


@dataclass(frozen=True)
class Tools:
    """What every estimate is given: evidence, parameters and chance."""

    evidence: Evidence
    factors: Factors
    draws: Draws
    _widths: dict[Factor, Numbers] = field(default_factory=dict, repr=False, compare=False)

    def scope1(self, plant: str, year: int, quantity: str = SCOPE1) -> Numbers | None:
        """Draws of what a plant filed; one stream a plant, for its method errs alike every year."""
        row = self.evidence.filed(quantity, plant, year)
        if row is None:
            return None
        z = self.draws.normal(f"filing/{quantity}/{plant}")
        return normal_between(z, row["value"], row["low"], row["high"])

    def filed_sources(self, plant: str, year: int, quantity: str = SCOPE1) -> tuple[str, ...]:
        """Lineage ids of a filing."""
        row = self.evidence.filed(quantity, plant, year)
        return tuple(row["sources"]) if row else ()

    def share(self, name: str) -> float:
        """A share (0.2 for 20 %) that is used as it stands."""
        return self.factors.of(name, "share").value

    def spread(self, stream: str, name: str) -> Numbers:
        """Multipliers (draws,) around 1, as wide as the parameter `name` says, itself unsure."""
        factor = self.factors.of(name, "share")
        if factor not in self._widths:
            self._widths[factor] = self.draws.factor(f"width/{name}", factor)
        return self.draws.spread(stream, self._widths[factor])

    def deviation(self, name: str) -> float:
        """The standard deviation of the logarithm of that spread."""
        return sigma(self.share(name))

    def yearly(self, name: str, year: int) -> str:
        """The name of a parameter for a year, or of the one for all years."""
        return f"{name}_{year}" if self.factors.find(f"{name}_{year}") else name

    def total(self, series: str, year: int) -> Row | None:
        """A national total: of the Survey, else a parameter, else None."""
        return self.evidence.total(series, year) or total_rows.given(self.factors, series, year)

    def drawn_total(self, row: Row) -> Numbers:
        """Draws of a national total: even within its rounding."""
        z = self.draws.normal(f"total/{row['series']}/{row['year']}")
        return normal_between(z, row["value"], row["low"], row["high"])

    def target(self, name: str, drawn: Numbers, rows: Iterable[Row], published: float) -> Target:
        """A total to meet, from the rows that it was read from."""
        given = list(rows)
        sources = tuple(source for row in given for source in row["sources"])
        verified = all(row["verified"] for row in given)
        farthest = float(np.log(self.factors.of("reconcile_plant", "factor").value))
        return Target(name, drawn, sources, published, farthest, verified)


@dataclass(frozen=True)
class Adjustment:
    """What a total did to its plants: published, sum before, and the rows that say so."""

    industry: str
    product: str
    route: str
    year: int
    published: float | None
    before: float
    after: float
    plants: int
    sources: tuple[str, ...]
    verified: bool = False


@dataclass(frozen=True)
class Made:
    """Production of one product: `final`, `before` (not reconciled), and what the totals did."""

    final: Amounts
    before: Amounts
    adjustments: tuple[Adjustment, ...] = field(default=())


def worst(*grades: str) -> str:
    """The weakest of several grades."""
    return max(grades)


def ratio_sigma(low: float, value: float, high: float) -> float:
    """The standard deviation of the logarithm of a quantity with this 90 % interval."""
    return float(np.log(high / low)) / (2 * REACH) if low > 0 else sigma(1.0) * (value > 0)


def meet(
    tools: Tools, amounts: Amounts, label: tuple[str, str, str], year: int, target: Target | None
) -> Made:
    """One group of one year, reconciled where there is a total; the adjustment either way.

    Raises InputError for a total farther from the plants' sum than the errors of that sum allow.
    """
    industry, product, route = label
    before = float(amounts.draws.mean(axis=1).sum())
    if target and len(amounts):
        _refuse_far(tools, amounts, target)
    final = reconcile(amounts, target) if target and len(amounts) else amounts
    row = Adjustment(
        industry,
        product,
        route,
        year,
        target.published if target else None,
        before,
        float(final.draws.mean(axis=1).sum()),
        len(amounts),
        target.sources if target else (),
        bool(target and target.verified),
    )
    return Made(final, amounts, (row,) if len(amounts) else ())


def _refuse_far(tools: Tools, amounts: Amounts, target: Target) -> None:
    limit = tools.factors.of("reconcile_sum", "standard deviations").value
    total, logs = amounts.draws.sum(axis=0), np.log(target.total)
    size = amounts.draws.mean(axis=1)
    own = np.array([item.own for item in amounts.items]) * size
    shared = np.array([item.shared for item in amounts.items]) * size
    error = np.sqrt((own**2).sum() + shared.sum() ** 2) / size.sum()
    apart = abs(float(logs.mean() - np.log(total).mean())) / float(np.hypot(error, logs.std()))
    if apart > limit:
        raise InputError(
            f"{target.name}, {target.published:,.0f}, lies {apart:.1f} standard deviations from what "
            f"its {len(amounts)} plants make by their own evidence, {size.sum():,.0f}",
            "look at the total and its unit, or at the parameters of these plants",
        )


def target_of(tools: Tools, series: str, year: int, name: str) -> Target | None:
    """The total of a series and year as a target, or None."""
    row = tools.total(series, year)
    if row is None:
        return None
    return tools.target(f"{name} of {year}", tools.drawn_total(row), [row], row["value"])


def together(made: Iterable[Made], count: int) -> Made:
    """The years of a product as one."""
    parts = list(made)
    return Made(
        joined((part.final for part in parts), count),
        joined((part.before for part in parts), count),
        tuple(row for part in parts for row in part.adjustments),
    )
