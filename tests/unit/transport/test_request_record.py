"""The record of requests: totals that count all, a list that forgets the oldest."""

from pmsync.transport.record import KEPT, Request, RequestRecord, Total


def request(endpoint: str = "search", status: int = 200, size: int = 10) -> Request:
    """One request."""
    return Request(
        product="jira", method="POST", endpoint=endpoint, status=status, seconds=0.5, bytes=size
    )


def test_totals_add_up_by_endpoint_and_status() -> None:
    """Requests of a kind are counted together, other kinds apart."""
    record = RequestRecord()
    for entry in (request(), request(size=30), request(status=429), request("rank")):
        record.add(entry)
    assert record.totals() == {
        ("jira", "search", 200): Total(count=2, seconds=1.0, bytes=40),
        ("jira", "search", 429): Total(count=1, seconds=0.5, bytes=10),
        ("jira", "rank", 200): Total(count=1, seconds=0.5, bytes=10),
    }
    assert record.count() == 4


def test_the_list_is_bounded_and_the_totals_are_not() -> None:
    """A daemon's record does not grow, and still knows how many there were."""
    record = RequestRecord()
    for number in range(KEPT + 5):
        record.add(request(size=number))
    assert (len(record.latest()), record.count()) == (KEPT, KEPT + 5)
    assert record.latest()[0].bytes == 5
