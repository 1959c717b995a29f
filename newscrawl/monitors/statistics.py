"""How improbable a figure is. Few and plain tests, each with its source; no figure is random enough to deserve more.

Counts of articles vary more than a Poisson distribution says, because one Monday is busier than another. So their mean is taken to vary
itself, by a gamma distribution: that is the negative binomial (Greenwood and Yule 1920), as in the detection of outbreaks from weekly
counts (Farrington et al. 1996, Noufaily et al. 2013), whose way of comparing with the same weeks of the past is used here too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_MAD_TO_SIGMA = 1.4826  # of a normal distribution: 1 / its 75 % quantile (Rousseeuw and Croux 1993)


def median(values: Sequence[float]) -> float:
    """The middle of the values, of which there must be one."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def spread(values: Sequence[float]) -> float:
    """Their robust standard deviation, from the median absolute deviation: half of them may be nonsense without harm."""
    centre = median(values)
    return _MAD_TO_SIGMA * median([abs(value - centre) for value in values])


def so_few(count: float, mean: float, relative: float) -> float:
    """The probability of so few events or fewer where `mean` are usual, and the mean itself varies by `relative` (its standard
    deviation over itself): the lower tail of a negative binomial. With `relative` 0 of a Poisson distribution."""
    last = math.floor(count)
    if last < 0 or mean <= 0:
        return 1.0
    if last >= mean:
        return 1.0  # more than half: whatever is above it need not be known exactly
    shape = 1 / relative**2 if relative > 0 else 1e9
    ratio = mean / (shape + mean)
    logarithm = -shape * math.log1p(mean / shape)  # of the probability of 0
    largest, total = logarithm, 1.0  # the sum, over e**largest
    for number in range(1, last + 1):
        logarithm += math.log(ratio * (shape + number - 1) / number)
        if logarithm > largest:
            total, largest = total * math.exp(largest - logarithm), logarithm
        total += math.exp(logarithm - largest)
    return min(1.0, total * math.exp(largest))


def so_many_of(count: float, of: float, share: float) -> float:
    """The probability of so many or more of `of` when each is one with the probability `share`: the upper tail of a binomial, bounded by
    Chernoff's inequality in Hoeffding's form (1963), exp(-n D(x || p)): never less than the exact one, and as cheap for 10 as for 10,000."""
    found = count / of if of else 0.0
    if found <= share:
        return 1.0
    if share <= 0:
        return 0.0
    rest = (1 - found) * math.log((1 - found) / (1 - share)) if found < 1 else 0.0
    return math.exp(-of * (found * math.log(found / share) + rest))
