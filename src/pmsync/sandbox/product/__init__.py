"""The invented company whose product everybody can try pmsync on."""

from random import Random

from pmsync.sandbox.product import site
from pmsync.sandbox.product.cast import cast
from pmsync.sandbox.product.catalog import Epic, catalogs
from pmsync.sandbox.product.estimates import estimate_all
from pmsync.sandbox.product.order import ranked
from pmsync.sandbox.product.records import name_all, records, sprint_records
from pmsync.sandbox.product.subtasks import subtasks
from pmsync.sandbox.seed import Seed

__all__ = ["generate"]


def generate(seed: int = 1, *, issues: int = 300) -> Seed:
    """An online shop's checkout (SHOP) and storefront (WEB), nine months into the year.

    Args:
        seed: The same number gives the same site, byte for byte. Other numbers change people,
            dates, gaps and the order; the epics and stories are authored.
        issues: How many; never fewer than the authored ones (231), and no more than their
            sub-tasks allow (some 450; ``load.replicate`` makes more of any seed).

    Returns:
        The site on Monday, 16 November 2026, 08:00 UTC.
    """
    rng = Random(f"pmsync:{seed}")
    drafts = [draft for catalog in catalogs() for draft in cast(catalog, rng)]
    epics = {one.source.ref: one for one in drafts if isinstance(one.source, Epic)}
    estimate_all(epics, rng)
    drafts += subtasks(drafts, issues - len(drafts), rng)
    name_all(drafts)
    return Seed(
        now=site.NOW,
        projects=[site.project(catalog) for catalog in catalogs()],
        issue_types=site.issue_types(),
        fields=site.all_fields(),
        statuses=site.statuses(),
        priorities=site.priorities(),
        resolutions=site.resolutions(),
        link_types=site.link_types(),
        versions=site.versions(),
        sprints=sprint_records(),
        security_levels=site.security_levels(),
        users=site.people(),
        issues=records(ranked(drafts, rng), rng),
    )
