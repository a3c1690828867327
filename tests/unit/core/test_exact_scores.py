"""Scores that are equal on paper are equal here: binary noise decides nobody's place."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.scoring.inputs import Reading
from pmsync.core.scoring.methods.rice import Rice
from pmsync.core.scoring.methods.weighted import Weighted

TENTHS = st.integers(1, 9_999).map(lambda number: number / 10)
SHARES = st.integers(1, 100).map(lambda number: number / 100)


def readings(**values: float) -> dict[str, Reading]:
    """Return usable readings of these values."""
    return {name: Reading(name=name, field=name, value=value) for name, value in values.items()}


def rice(reach: float, impact: float, confidence: float, effort: float) -> float:
    """Return the RICE score."""
    score = Rice().score(readings(reach=reach, impact=impact, confidence=confidence, effort=effort))
    assert score.value is not None
    return score.value


def test_the_same_points_from_other_inputs_are_the_same_score() -> None:
    """Both come to 900 on paper; in plain floats they differ in the last digit."""
    assert rice(1200, 3, 0.5, 2) == rice(300, 3, 0.7, 0.7) == 900.0


@given(reach=TENTHS, impact=TENTHS, confidence=SHARES, effort=TENTHS)
def test_rice_is_the_fraction_rounded_once(
    reach: float, impact: float, confidence: float, effort: float
) -> None:
    """The score is the float nearest to the exact fraction of the decimal inputs."""
    parts = [Fraction(repr(value)) for value in (reach, impact, confidence, effort)]

    expected = float(parts[0] * parts[1] * parts[2] / parts[3])

    assert rice(reach, impact, confidence, effort) == expected


@given(
    values=st.lists(st.integers(0, 100).map(lambda n: n / 10), min_size=3, max_size=3),
    weights=st.lists(st.integers(1, 70).map(lambda n: n / 10), min_size=3, max_size=3),
)
def test_weighted_is_the_fraction_rounded_once(values: list[float], weights: list[float]) -> None:
    """Weights and scales that look round are round: 0.1 + 0.2 is 0.3."""
    names = ["a", "b", "c"]
    method = Weighted(
        weights=dict(zip(names, weights, strict=True)),
        scales=dict.fromkeys(names, (0.0, 10.0)),
    )

    score = method.score(readings(**dict(zip(names, values, strict=True))))

    shares = [Fraction(repr(value)) / 10 for value in values]
    exact = [Fraction(repr(weight)) for weight in weights]
    points = sum(share * weight for share, weight in zip(shares, exact, strict=True))
    assert score.value == float(points / sum(exact) * 100)
