"""The statistics against sums that are written out."""

from __future__ import annotations

import math

import pytest

from newscrawl.monitors.statistics import median, so_few, so_many_of, spread


def poisson(count: int, mean: float) -> float:
    return sum(math.exp(-mean) * mean**number / math.factorial(number) for number in range(count + 1))


def binomial(count: int, of: int, share: float) -> float:
    return sum(math.comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(count, of + 1))


@pytest.mark.parametrize(("count", "mean"), [(0, 2), (0, 40), (3, 12), (10, 25.5)])
def test_without_variation_it_is_a_poisson_distribution(count: int, mean: float) -> None:
    assert so_few(count, mean, 0) == pytest.approx(poisson(count, mean), rel=1e-3)


def test_none_where_two_are_usual_is_nothing_and_none_where_forty_are_is_something() -> None:
    assert so_few(0, 2, 0.2) > 0.1
    assert so_few(0, 40, 0.2) < 1e-9


def test_a_mean_that_varies_makes_few_more_likely() -> None:
    assert so_few(20, 40, 0.3) > 10 * so_few(20, 40, 0.1)


def test_large_counts_are_no_overflow() -> None:
    assert 0 < so_few(40_000, 60_000, 0.12) < 0.01


def test_as_many_as_usual_are_certain() -> None:
    assert so_few(41, 40, 0.2) == 1.0


@pytest.mark.parametrize(("count", "of", "share"), [(3, 3, 0.02), (8, 10, 0.1), (40, 400, 0.05)])
def test_the_bound_of_a_share_is_never_below_its_probability(count: int, of: int, share: float) -> None:
    exact = binomial(count, of, share)
    assert exact <= so_many_of(count, of, share) * (1 + 1e-9)
    assert so_many_of(count, of, share) < 25 * exact


def test_one_week_of_nonsense_moves_neither_median_nor_spread_far() -> None:
    assert median([10, 11, 9, 10, 10_000]) == 10
    assert spread([10, 11, 9, 10, 10_000]) < 2
