"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pmsync.config.tree import shown
from pmsync.config.wording import did_you_mean


def zone_fault(name: str) -> tuple[str, str] | None:
    """Return what is wrong with the time zone *name*, and the cure; None if it exists."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"there is no time zone {shown(name)}", _cure(name)
    return None


def _cure(name: str) -> str:
    from zoneinfo import available_timezones  # noqa: PLC0415 - reads a folder tree

    cities = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(available_timezones())}
    if name.title() in cities:
        return f"did you mean {cities[name.title()]}?"
    near = did_you_mean(name, sorted(available_timezones()))
    return near if near.startswith("did") else "write such as Europe/Berlin or UTC"
