"""Real backlogs as input for the whole line, with RICE inputs derived from what they hold.

The public Jiras in ``../shared/data/jira`` have no estimates, so that four number fields are put
beside the real ones, by this rule and no other:

* Reach = 10 + 10 x votes + 5 x watchers + 20 x links + 15 x comments;
* Impact = 3, 2, 1, 0.5 or 0.25 by priority, and empty without one (unscored, P12);
* Confidence = 100, 80 or 50 % for a description of at least 600, at least 200 or fewer characters;
* Effort = 0.5 + description characters / 2000 + 0.5 x components, in person-months.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pmsync.app import App
from pmsync.config.loading import load
from pmsync.core.plan import Plan
from pmsync.pipeline.run import apply_plan, sync
from pmsync.sandbox.load import load as load_files
from pmsync.sandbox.seed import Record, Seed
from pmsync.sandbox.server import Sandbox, start_in_thread

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "jira"
IMPACT = {
    "Blocker": 3.0, "Critical": 3.0, "High": 2.0, "Major": 2.0, "Medium": 1.0,
    "Minor": 0.5, "Low": 0.5, "Trivial": 0.25,
}  # fmt: skip
FIELDS = {
    "customfield_90001": "Reach",
    "customfield_90002": "Impact",
    "customfield_90003": "Confidence",
    "customfield_90004": "Effort",
}
RULES = """\
name: {name}
site: real
mode: propose
scope: {scope}
inputs:
  reach: {{field: Reach, per: year}}
  impact: {{field: Impact, scale: [0.25, 3]}}
  confidence: {{field: Confidence, unit: percent}}
  effort: {{field: Effort, unit: person-months}}
order: [rice highest first, created earliest first]
rank: {{level: 0}}
pages:
  space: PROD
  under: "{under}"
  readers: {{projects: [{projects}]}}
  kinds: [roadmap, {{backlog: {{top: 50}}}}]
release_notes:
  - {{for: users, since: {since}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One walk of the line over a real backlog, in numbers."""

    name: str
    issues: int
    ranked: int
    scored: float
    moves: int
    named: int
    displaced: int
    versions: int
    calls: int = 0
    second_writes: int = 0
    second_calls: int = 0


def available(*names: str) -> bool:
    """Return whether the real files are there."""
    return all((DATA / name).is_file() for name in names)


def seed_of(*names: str) -> Seed:
    """Return the real files as a seed, with the derived fields."""
    seed = load_files([DATA / name for name in names])
    seed.fields.extend(_field(id_, name) for id_, name in FIELDS.items())
    for issue in seed.issues:
        issue["fields"].update(derived(issue["fields"]))
    return seed


def _field(field_id: str, name: str) -> Record:
    number = field_id.removeprefix("customfield_")
    return {
        "id": field_id, "key": field_id, "name": name, "custom": True, "orderable": True,
        "navigable": True, "searchable": True, "clauseNames": [f"cf[{number}]", name],
        "schema": {
            "type": "number", "customId": int(number),
            "custom": "com.atlassian.jira.plugin.system.customfieldtypes:float",
        },
    }  # fmt: skip


def derived(fields: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the four derived inputs of one issue, ``{field id: value}``."""
    length = len(fields.get("description") or "")
    comments = len((fields.get("comment") or {}).get("comments") or [])
    votes = (fields.get("votes") or {}).get("votes", 0)
    watchers = (fields.get("watches") or {}).get("watchCount", 0)
    links = len(fields.get("issuelinks") or [])
    priority = str((fields.get("priority") or {}).get("name"))
    values = (
        10.0 + 10 * votes + 5 * watchers + 20 * links + 15 * comments,
        IMPACT.get(priority),
        100.0 if length >= 600 else 80.0 if length >= 200 else 50.0,
        0.5 + length / 2000 + 0.5 * len(fields.get("components") or []),
    )
    return dict(zip(FIELDS, values, strict=True))


@contextmanager
def opened(
    sandbox: Sandbox, folder: Path, name: str, *, projects: Sequence[str], since: str
) -> Iterator[App]:
    """Give an application configured for everything the sandbox holds."""
    address = sandbox.address
    space = next(one for one in sandbox.snapshot()["spaces"] if one["key"] == "PROD")
    (folder / "products").mkdir(exist_ok=True)
    (folder / "pmsync.yaml").write_text(
        f"sites:\n  real: {{jira: {address.jira}, confluence: {address.confluence},"
        f" account: {address.account}}}\n"
    )
    rules = RULES.format(
        name=name, scope=f"project in ({', '.join(projects)})", projects=", ".join(projects),
        under=space["homepageId"], since=since,
    )  # fmt: skip
    (folder / "products" / f"{name}.yaml").write_text(rules)
    environ = {"PMSYNC_SITES__REAL__TOKEN": address.token}
    with App(load(folder / "pmsync.yaml", environ)) as app:
        yield app


def walk(name: str, files: tuple[str, ...], folder: Path, *, since: str) -> Walked:
    """Walk the whole line: a braked first run, its approval, and a second run."""
    seed = seed_of(*files)
    projects = sorted(project["key"] for project in seed.projects)
    with (
        start_in_thread(seed) as sandbox,
        opened(sandbox, folder, name, projects=projects, since=since) as app,
    ):
        line = app.line(app.configuration.product(name))
        first = sync(line)
        assert first.braked
        assert first.waiting
        applied = apply_plan(line, first.waiting)
        assert applied.applied.complete(), applied.applied.outcomes
        calls, writes = app.record.count(), _writes(sandbox)
        sync(app.line(app.configuration.product(name)))
        counted = _counted(name, sandbox, first.waiting)
        return replace(
            counted,
            calls=calls,
            second_calls=app.record.count() - calls,
            second_writes=_writes(sandbox) - writes,
        )


def _writes(sandbox: Sandbox) -> int:
    return sum(1 for request in sandbox.log if request["applied"])


def _counted(name: str, sandbox: Sandbox, plan: Plan) -> Walked:
    pages = [page for page in sandbox.snapshot()["pages"] if page["properties"]]
    unscored = sum(1 for note in plan.notes if note.kind == "unscored")
    return Walked(
        name=name,
        issues=len(sandbox.snapshot()["issues"]),
        ranked=plan.backlog,
        scored=1 - unscored / plan.backlog,
        moves=len(plan.moves()),
        named=sum(len(move.issues) for move in plan.moves()),
        displaced=len(plan.displaced),
        versions=sum(page["version"] for page in pages),
    )
