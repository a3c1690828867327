"""Who may see what: restricted issues leave the snapshot before anything is computed (P10).

Because everything after the pull works on what is left, a restricted issue cannot show through
a rank, a count or a total either.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from pmsync.core.model import Issue, Project


def is_restricted(
    issue: Issue, projects: Mapping[str, Project], readable: Collection[str] | None
) -> bool:
    """Return whether *issue* must not reach a page, a score or a rank.

    Args:
        issue: The issue.
        projects: ``{project key: project}`` as visible to the account.
        readable: Keys of the projects that every reader may see; None when nothing is published.

    An absent security field is harmless only where the project certainly has no levels.
    """
    if issue.security == "restricted":
        return True
    if readable is not None and issue.project not in readable:
        return True
    if issue.security == "open":
        return False
    project = projects.get(issue.project)
    return project is None or project.security_levels is None or bool(project.security_levels)


def strip_hidden(issues: Iterable[Issue], shown: Collection[str]) -> tuple[Issue, ...]:
    """Return *issues* without parents and links that lead to issues which are not *shown*.

    A link's key, like a parent's, tells of an issue that its readers may not know of.
    """
    return tuple(_stripped(issue, shown) for issue in issues)


def _stripped(issue: Issue, shown: Collection[str]) -> Issue:
    links = tuple(link for link in issue.links if link.other_id in shown)
    parent_shown = issue.parent_id is None or issue.parent_id in shown
    if parent_shown and len(links) == len(issue.links):
        return issue
    return replace(
        issue,
        links=links,
        parent_id=issue.parent_id if parent_shown else None,
        parent_key=issue.parent_key if parent_shown else None,
    )
