"""What a sandbox Jira starts from: plain REST-shaped records, whoever made them.

The generated product and ``--load`` both end here, so that the server has one way in.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Record = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Seed:
    """The content of a site. Every record has the shape Jira's REST v2 gives it.

    Attributes:
        now: The site's clock at the start (aware, UTC).
        projects: ``id``, ``key``, ``name``, ``projectTypeKey``, ``style`` (classic or next-gen).
        issue_types: ``id``, ``name``, ``hierarchyLevel`` (1 epic, 0 standard, -1 sub-task),
            ``subtask``.
        fields: as ``GET /field`` lists them: ``id``, ``name``, ``custom``, ``schema``,
            ``clauseNames``; a field that exists in some projects only carries ``scope``. Select
            fields also carry ``options`` (texts), which the API does not show there.
        statuses: ``id``, ``name``, ``statusCategory`` (``id``, ``key``, ``name``).
        priorities, link_types, resolutions: as the API lists them.
        versions: with ``projectId`` (int), ``released``, ``releaseDate``.
        sprints: ``id`` (int), ``name``, ``state`` (active, closed, future), dates.
        security_levels: ``{project key: [{"id", "name"}]}``; a project without levels is absent.
        users: ``accountId``, ``displayName``, ``emailAddress``, ``active``, ``timeZone``.
        issues: top of the global rank first; ``id``, ``key``, ``fields`` (texts in wiki markup,
            dates as Jira's v2 writes them) and ``changelog`` (a list of histories, oldest
            first). The rank field's value is not read: the list's order is the rank.
        rank_field: id of the field whose schema is Jira Software's rank.
    """

    now: datetime
    projects: list[Record] = field(default_factory=list)
    issue_types: list[Record] = field(default_factory=list)
    fields: list[Record] = field(default_factory=list)
    statuses: list[Record] = field(default_factory=list)
    priorities: list[Record] = field(default_factory=list)
    resolutions: list[Record] = field(default_factory=list)
    link_types: list[Record] = field(default_factory=list)
    versions: list[Record] = field(default_factory=list)
    sprints: list[Record] = field(default_factory=list)
    security_levels: dict[str, list[Record]] = field(default_factory=dict)
    users: list[Record] = field(default_factory=list)
    issues: list[Record] = field(default_factory=list)
    rank_field: str = "customfield_10019"
