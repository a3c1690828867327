"""``doctor``: look at everything that must hold, and say how to cure what does not."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pmsync.cli.options import ConfigOption, FormatOption, ProductOption

if TYPE_CHECKING:
    from pmsync.pipeline.doctor import Check
    from pmsync.pipeline.line import Line

MARKS = {"ok": "ok     ", "warning": "warning", "failed": "FAILED "}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(short_help="Check all that a run needs; write nothing.")(doctor)


def doctor(
    *,
    config: ConfigOption = None,
    product: ProductOption = None,
    permissions: Annotated[
        bool, typer.Option("--permissions", help="Show only what the account needs and has.")
    ] = False,
    form: FormatOption = "table",
) -> int:
    """Check sites, token, fields, queries, permissions, pages and templates; write nothing.

    Exit code 1: something failed; what cures it stands below it.
    """
    from pmsync.cli.output import write, write_json
    from pmsync.cli.wired import in_turn, opened
    from pmsync.pipeline.doctor import examine

    told: list[dict[str, Any]] = []
    late: set[str] = set()

    def one(line: "Line") -> int:
        found = first_of_site(examine(line), line.product.site, late)
        checks = [one for one in found if not permissions or of_permissions(one)]
        told.append({"product": line.product.id, "checks": checks})
        if form == "table":
            write(doctor_text(line.product.name, checks))
        return 1 if any(check.state == "failed" for check in checks) else 0

    with opened(config) as app:
        code = in_turn(app, product, one)
    if form == "json":
        write_json(told)
    return code


def first_of_site(checks: Iterable["Check"], site: str, late: set[str]) -> Iterator["Check"]:
    """Yield *checks*, but a site's clock only once, however many products are there.

    Args:
        checks: Of one product.
        site: Its site.
        late: The sites whose clocks were told; this one is added.
    """
    for check in checks:
        if check.name == "clock":
            if site in late:
                continue
            late.add(site)
        yield check


def of_permissions(check: "Check") -> bool:
    """Return whether *check* is about what the account may do, or failed before that was known."""
    about = ("jira", "permissions", "space", "parent page")
    return check.state == "failed" or check.name.startswith(about)


def doctor_text(name: str, checks: "list[Check]") -> str:
    """Return what was found about the product *name*, and how to cure what is not well."""
    from pmsync.cli.output import count, item

    lines = [name]
    for check in checks:
        lines.append(item(f"  {MARKS[check.state]} ", f"{check.name}: {check.text}"))
        if check.cure:
            lines.append(item("          cure: ", check.cure))
    bad = {state: [one for one in checks if one.state == state] for state in ("failed", "warning")}
    lines.append(
        f"{count(len(checks), 'check')}: {len(bad['failed'])} failed,"
        f" {count(len(bad['warning']), 'warning')}"
    )
    return "\n".join(lines)
