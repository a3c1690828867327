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


def strip_hidden(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return *issues* without parents and links that lead to any issue but these.

    A link's key, like a parent's, tells of an issue that its readers may not know of. The keys
    that stay are those the others have now: moving an issue to another project changes its key
    without touching its children.
    """
    shown = tuple(issues)
    keys = {issue.id: issue.key for issue in shown}
    return tuple(_stripped(issue, keys) for issue in shown)


def _stripped(issue: Issue, keys: Mapping[str, str]) -> Issue:
    links = tuple(
        replace(link, other_key=keys[link.other_id])
        for link in issue.links
        if link.other_id in keys
    )
    parent_key = keys.get(issue.parent_id or "")
    if links == issue.links and parent_key == issue.parent_key:
        return issue
    return replace(
        issue,
        links=links,
        parent_id=issue.parent_id if parent_key else None,
        parent_key=parent_key,
    )
