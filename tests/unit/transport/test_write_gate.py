"""The write gate: permits, threads, and the switch that stops everything."""

import threading

import pytest

from pmsync.core.errors import ReadOnlyError
from pmsync.ports import WriteGate
from pmsync.transport.gate import Gate


def as_port(gate: Gate) -> WriteGate:
    """The gate as the pipeline sees it; the type check holds the protocol."""
    return gate


def test_a_permit_opens_and_closes() -> None:
    """The write's id is known while its permit is open, and afterwards nothing may be written."""
    gate = Gate()
    with as_port(gate).permit("w1"):
        assert gate.require("rank", "PUT /x") == "w1"
    with pytest.raises(ReadOnlyError, match="no permit"):
        gate.require("rank", "PUT /x")


def test_a_permit_closes_when_the_write_fails() -> None:
    """An error in between does not leave the gate open."""
    gate = Gate()
    with pytest.raises(RuntimeError), gate.permit("w1"):
        raise RuntimeError
    with pytest.raises(ReadOnlyError):
        gate.require("rank", "PUT /x")


def test_the_innermost_permit_counts() -> None:
    """A permit inside another names the write; the outer one is there again after it."""
    gate = Gate()
    with gate.permit("outer"):
        with gate.permit("inner"):
            assert gate.require("rank", "") == "inner"
        assert gate.require("rank", "") == "outer"


def test_a_permit_is_one_threads_own() -> None:
    """Another thread cannot write under this thread's permit."""
    gate = Gate()
    refused: list[bool] = []

    def elsewhere() -> None:
        try:
            gate.require("rank", "")
        except ReadOnlyError:
            refused.append(True)

    with gate.permit("w1"):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert refused == [True]


def test_read_only_gives_no_permit() -> None:
    """With writes switched off the permit itself is refused, and says which switch."""
    gate = Gate(read_only=True)
    with pytest.raises(ReadOnlyError, match="switched off") as caught, gate.permit("w1"):
        pytest.fail("a permit was given")
    assert "PMSYNC_READ_ONLY" in caught.value.cure


def test_the_refusal_says_what_and_where() -> None:
    """The error names the call and its address."""
    with pytest.raises(ReadOnlyError) as caught:
        Gate().require("rank", "PUT https://acme.test/rest/agile/1.0/issue/rank")
    assert "'rank'" in str(caught.value)
    assert caught.value.where == "PUT https://acme.test/rest/agile/1.0/issue/rank"
