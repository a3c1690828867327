"""Jira Cloud as an issue tracker: v3 for reading, the agile API for ranking."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING

from typing_extensions import override

from pmsync.adapters.jira import paging
from pmsync.adapters.jira.catalogue import SPRINT, field_of
from pmsync.adapters.jira.crew import in_parallel
from pmsync.adapters.jira.decoding import Decoder
from pmsync.adapters.jira.fetching import fetch
from pmsync.adapters.jira.shapes import (
    FieldShape,
    Grants,
    IssueTypeShape,
    ProjectShape,
    RankEntries,
    RankEntry,
    SecurityLevels,
    ServerInfo,
    User,
    VersionShape,
)
from pmsync.adapters.jira.wire import Wire, decoded, segment
from pmsync.core.errors import NotFoundError, PermissionDeniedError, RequestRefusedError
from pmsync.core.model import Field, Issue, Project, Version
from pmsync.ports import Account, IssueTracker, IssueType, RankResult, Site

if TYPE_CHECKING:
    from jira import JIRA

RANK = "/rest/agile/1.0/issue/rank"
RANK_CALL = 50
PROJECT_KEYS = 50
PROJECTS_PAGE = 100
VERSIONS_PAGE = 50
SEES_LEVELS = "SET_ISSUE_SECURITY"
"""Without it Jira answers with an empty list of levels, whatever there is."""


class JiraCloud(IssueTracker):
    """Implements :class:`pmsync.ports.IssueTracker` for Jira Cloud.

    Args:
        client: Its session is under the guard (:mod:`pmsync.transport`).
        threads: Calls at once; more than the session has connections are of no use.
    """

    def __init__(self, client: "JIRA", *, threads: int = 8) -> None:
        self._wire = Wire(client)
        self._threads = threads
        self._sprint_field: str | None = None
        self._catalogue_read = False

    @override
    def site(self) -> Site:
        """Return what answers; needs no permission."""
        server = self._wire.get(ServerInfo, "/rest/api/3/serverInfo")
        now = server.server_time
        return Site(
            flavor=server.deployment_type,
            version=server.version,
            browse_url=server.base_url.rstrip("/"),
            now=now.astimezone(UTC) if now else None,
        )

    @override
    def account(self) -> Account:
        """Return whom the token belongs to."""
        user = self._wire.get(User, "/rest/api/3/myself")
        return Account(id=user.account_id, name=user.display_name, time_zone=user.time_zone)

    @override
    def permissions(self, keys: Sequence[str], project: str | None = None) -> dict[str, bool]:
        """Return ``{permission key: granted}``, for one project or globally."""
        return {key: granted or False for key, granted in self._grants(keys, project).items()}

    def _grants(self, keys: Sequence[str], project: str | None) -> dict[str, bool | None]:
        """``{permission key: granted}``; None where Jira does not know the key."""
        params = {"permissions": ",".join(keys)} | ({"projectKey": project} if project else {})
        grants = self._wire.get(Grants, "/rest/api/3/mypermissions", params).permissions
        return {key: grants[key].granted if key in grants else None for key in keys}

    @override
    def fields(self) -> tuple[Field, ...]:
        """Return the whole field catalogue."""
        catalogue = self._wire.get(list[FieldShape], "/rest/api/3/field")
        found = tuple(map(field_of, catalogue))
        self._sprint_field = next((field.id for field in found if field.type_key == SPRINT), None)
        self._catalogue_read = True
        return found

    @override
    def issue_types(self) -> tuple[IssueType, ...]:
        """Return all issue types."""
        shapes = self._wire.get(list[IssueTypeShape], "/rest/api/3/issuetype")
        return tuple(
            IssueType(id=shape.id, name=shape.name, level=shape.place()) for shape in shapes
        )

    @override
    def projects(
        self, keys: Sequence[str] | None = None, *, levels: bool = True
    ) -> tuple[Project, ...]:
        """Return the visible projects, or those of *keys* that are visible.

        Args:
            keys: Project keys; None for all.
            levels: Whether their security levels are asked for: one call for each project,
                several at once. Left out, they are None.
        """
        shapes = {shape.id: shape for shape in self._project_shapes(keys)}
        known = dict(
            in_parallel(
                lambda shape: (shape.id, self._levels(shape.key)),
                shapes.values() if levels else (),
                threads=self._threads,
            )
        )
        return tuple(
            Project(
                id=shape.id, key=shape.key, name=shape.name, security_levels=known.get(shape.id)
            )
            for shape in shapes.values()
        )

    def _project_shapes(self, keys: Sequence[str] | None) -> Iterator[ProjectShape]:
        path = "/rest/api/3/project/search"
        wanted: list[dict[str, Sequence[str]]] = [{}]
        if keys is not None:
            cuts = range(0, len(keys), PROJECT_KEYS)
            wanted = [{"keys": keys[start : start + PROJECT_KEYS]} for start in cuts]
        for params in wanted:
            try:
                yield from paging.listed(self._wire, ProjectShape, path, params, size=PROJECTS_PAGE)
            except NotFoundError:
                continue  # none of these keys is visible

    def _levels(self, key: str) -> tuple[str, ...] | None:
        path = f"/rest/api/3/project/{segment(key)}/securitylevel"
        try:
            levels = self._wire.get(SecurityLevels, path).levels
        except (NotFoundError, PermissionDeniedError):
            return None
        if not levels and self._grants([SEES_LEVELS], key)[SEES_LEVELS] is False:
            return None
        return tuple(level.name for level in levels)

    @override
    def versions(self, project: str) -> tuple[Version, ...]:
        """Return all versions of one project."""
        path = f"/rest/api/3/project/{segment(project)}/version"
        return tuple(
            Version(
                id=shape.id,
                project=project,
                name=shape.name,
                released=shape.released,
                archived=shape.archived,
                release_date=shape.release_date,
                description=shape.description or "",
            )
            for shape in paging.listed(self._wire, VersionShape, path, {}, size=VERSIONS_PAGE)
        )

    @override
    def search(self, jql: str, *, reconcile: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
        """Yield pages of issue ids in the order *jql* asks for.

        Args:
            jql: A whole query, with its ORDER BY.
            reconcile: Ids just written, at most 50, whose latest state must be seen.
        """
        return paging.search(self._wire, jql, reconcile)

    @override
    def fetch(
        self, ids: Iterable[Sequence[str]], fields: Sequence[Field]
    ) -> Iterator[tuple[Issue, ...]]:
        """Yield issues, a call's worth at a time, in no particular order.

        Args:
            ids: Pages of ids, consumed as they come so that fetching overlaps searching.
            fields: Configured fields whose values go into :attr:`Issue.values`, None where an
                issue has none.
        """
        yield from fetch(self._wire, lambda: self._decoder(fields), ids, threads=self._threads)

    def _decoder(self, fields: Sequence[Field]) -> Decoder:
        if not self._catalogue_read:
            self.fields()  # which names the sprint field
        return Decoder(self._sprint_field, fields)

    @override
    def rank(
        self, issues: Sequence[str], *, before: str | None = None, after: str | None = None
    ) -> RankResult:
        """Put *issues* (ids, at most 50, top first) next to an anchor.

        Raises:
            RequestRefusedError: Not 1 to 50 issues, or not exactly one anchor; nothing is sent.
        """
        if not 0 < len(issues) <= RANK_CALL or (before is None) == (after is None):
            what = f"a rank call takes 1 to {RANK_CALL} issues and one anchor"
            raise RequestRefusedError(what, method="PUT", url=RANK)
        anchor = {"rankBeforeIssue": before} if before is not None else {"rankAfterIssue": after}
        answer = self._wire.put(RANK, {"issues": list(issues), **anchor})
        if answer.status_code != HTTPStatus.MULTI_STATUS:
            return RankResult()
        entries = decoded(answer, RankEntries).entries
        return RankResult(refused=dict(chain.from_iterable(map(_refusal, entries))))


def _refusal(entry: RankEntry) -> list[tuple[str, str]]:
    """The issue and the server's words, if it was not ranked."""
    if not entry.errors and HTTPStatus.OK <= entry.status < HTTPStatus.MULTIPLE_CHOICES:
        return []
    named = str(entry.issue_id) if entry.issue_id is not None else entry.issue_key
    return [(named, "; ".join(entry.errors or ()) or f"status {entry.status}")]
