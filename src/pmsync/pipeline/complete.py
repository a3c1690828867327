"""Whether what was pulled can be the whole truth (P5): if not, nothing is published from it."""

from collections.abc import Collection, Iterable, Mapping

from pmsync.core.errors import IncompleteInputError
from pmsync.core.model import Issue, Project
from pmsync.core.rules import Product
from pmsync.pipeline.ask import fetch_by_id
from pmsync.ports import IssueTracker


def check_projects(
    known: Mapping[str, Issue], visible: Iterable[Project], census: Iterable[str]
) -> None:
    """Refuse when a project that had issues in scope cannot be seen any more.

    A project whose issues are still found has got another key, and is not lost.

    Raises:
        IncompleteInputError: The account lost a project, or it was archived or deleted.
    """
    there = {known[issue].project for issue in census if issue in known}
    there |= {project.key for project in visible}
    lost = sorted({issue.project for issue in known.values()} - there)
    if lost:
        msg = f"project {', '.join(lost)} had issues in scope and is not visible any more"
        raise IncompleteInputError(
            msg,
            cure="give the account Browse Projects there again, or take it out of the scope",
        )


def check_not_empty(product: str, known: Collection[str], found: Collection[str]) -> None:
    """Refuse a scope without issues where there were some.

    Raises:
        IncompleteInputError: Nothing was found, although the last run knew issues.
    """
    if known and not found:
        msg = f"the scope holds no issue, and held {len(known)} at the last run"
        raise IncompleteInputError(
            msg,
            where=product,
            cure="check the scope and the account's permissions; pages and order stay as they are",
        )


def check_delivered(product: Product, census: Collection[str], found: Collection[str]) -> None:
    """Refuse when Jira counts many issues that it does not hand out.

    A few are deleted while they are being read, or linger in its index.

    Raises:
        IncompleteInputError: More are missing than may be lost at all.
    """
    missing = [issue for issue in census if issue not in found]
    if len(missing) > len(census) * product.brakes.lost:
        msg = f"Jira counts {len(census)} issues in scope and hands out {len(missing)} fewer"
        raise IncompleteInputError(
            msg, where=product.id, cure="run again; if it stays so, check the account's permissions"
        )


def unexplained(tracker: IssueTracker, gone: Collection[str]) -> tuple[str, ...]:
    """Return those of *gone* that Jira does not show any more: deleted, or hidden from us.

    The others were edited out of the scope or moved to another project, which explains them.
    """
    asked = sorted(gone, key=int)
    visible = fetch_by_id(tracker, asked)
    return tuple(issue for issue in asked if issue not in visible)
