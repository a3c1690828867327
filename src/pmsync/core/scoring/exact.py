"""Exact decimal arithmetic for scores, rounded to a float once, at the end.

In binary floating point, 1200 x 3 x 50 % / 2 and 300 x 3 x 70 % / 0.7 are both *about* 900; the
difference is noise, and noise must not decide which of two issues stands first.
"""

from collections.abc import Iterable
from decimal import Context, Decimal

_EXACT = Context(prec=80)
"""Digits enough that products of a few decimal inputs are exact and quotients are equal if they
should be."""


def exact(value: float) -> Decimal:
    """Return the decimal number that *value* is written as.

    Example:
        >>> exact(0.1)
        Decimal('0.1')
    """
    return Decimal(repr(value))


def product(values: Iterable[Decimal]) -> Decimal:
    """Return all *values* multiplied."""
    result = Decimal(1)
    for value in values:
        result = _EXACT.multiply(result, value)
    return result


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return *dividend* / *divisor*.

    Raises:
        decimal.DivisionByZero: *divisor* is 0.

    Example:
        >>> float(quotient(product([exact(300.0), exact(3.0), exact(0.7)]), exact(0.7)))
        900.0
    """
    return _EXACT.divide(dividend, divisor)


def total(values: Iterable[Decimal]) -> Decimal:
    """Return the sum of *values*."""
    result = Decimal(0)
    for value in values:
        result = _EXACT.add(result, value)
    return result
