"""A small product to draw pages of: three levels, two projects, releases, gaps, other scripts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pmsync.core.backlog import Backlog
from pmsync.core.model import Category, Field, Issue, Project, Raw, Snapshot, Version
from pmsync.core.rules import (
    BacklogPage,
    PageRules,
    Product,
    RankRules,
    Readers,
    ReleaseNotes,
    RoadmapPage,
)
from pmsync.core.scoring.combine import ScoreRules, judge
from pmsync.core.scoring.inputs import InputRule
from pmsync.core.scoring.methods.rice import Rice
from pmsync.core.scoring.order import OrderKey

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
OUTCOME, TEXT = "customfield_10001", "customfield_10002"
INPUTS = {
    "reach": "customfield_10003",
    "impact": "customfield_10004",
    "confidence": "customfield_10005",
    "effort": "customfield_10006",
    "class": "customfield_10007",
}
FIELDS = {
    name: {
        project: Field(id=id_, name=name.capitalize(), kind="number", type_key="float", custom=True)
        for project in ("SHOP", "WEB", "SEC")
    }
    for name, id_ in {**INPUTS, "page:outcome": OUTCOME, "notes:customers:text": TEXT}.items()
}
VERSIONS = (
    Version(
        id="901",
        project="SHOP",
        name="2026.1",
        released=True,
        release_date=date(2026, 1, 29),
        description="Paying got faster.\n\nWallets arrive in the next release.",
    ),
    Version(id="902", project="SHOP", name="2026.2", released=True, release_date=date(2026, 3, 12)),
    Version(id="903", project="SHOP", name="2026.3", released=False, release_date=date(2026, 5, 7)),
    Version(id="904", project="WEB", name="2026.2", released=True, release_date=date(2026, 3, 16)),
    Version(id="905", project="WEB", name="4.0", released=False),
)

# key | type | category | parent | versions | summary | reach impact confidence effort class
_TABLE = """
SHOP-1 | Epic | doing | - | 903 | Pay with a wallet | 5200 High 80 3 Must
SHOP-2 | Epic | doing | - | - | Check out as a guest | 9000 High 80 5 Must
SHOP-3 | Epic | new | - | - | Fewer declined cards | 2600 Massive 80 2 Must
WEB-1 | Epic | new | - | - | Search that forgives typing errors | 12000 Medium 50 4 Should
SHOP-4 | Epic | new | - | - | Split a payment over three months | 1800 High 50 6 Could
SHOP-5 | Epic | new | - | - | Receipts that accountants accept | 700 Medium 100 1 Should
WEB-2 | Epic | new | - | - | صفحة الدفع بالعربية | 3100 High 80 4 Should
SHOP-6 | Epic | new | - | - | Refund <b>without</b> a call & without waiting | 950 High 80 - Should
WEB-3 | Epic | new | - | - | Größen und Farben auf einen Blick | 4100 Low 80 2 Could
SHOP-7 | Epic | new | - | - | Stock levels in the basket | 6100 Medium 50 3 -
WEB-4 | Epic | new | - | - | Faster product pages on old phones | 15000 Low 100 2 Should
SHOP-8 | Epic | new | - | - | Gift cards | 800 Minimal 50 4 Won't
SHOP-9 | Epic | done | - | 901 | One page instead of four | 8000 High 80 4 Must
SHOP-10 | Epic | done | - | 902 | Saved addresses | 5000 Medium 80 2 Should
SEC-1 | Epic | new | - | - | Fraud rules nobody may read about | 1 Massive 100 1 Must
SHOP-11 | Story | done | SHOP-1 | - | Choose a wallet on the payment page | -
SHOP-12 | Story | doing | SHOP-1 | - | Fall back to a card when the wallet refuses | -
SHOP-13 | Bug | new | SHOP-1 | - | Wallet button hidden in dark mode | -
SHOP-14 | Story | done | SHOP-2 | 902 | Ask for the e-mail address last | -
SHOP-15 | Story | new | SHOP-2 | - | Create the account after paying | -
SHOP-16 | Story | done | SHOP-10 | 902 | Fill in the address from the postcode | -
SHOP-17 | Bug | done | SHOP-10 | 902 | Umlauts in street names were lost | -
SHOP-18 | Improvement | done | SHOP-10 | 902 | The address form remembers the country | -
SHOP-19 | Spike | done | SHOP-10 | 902 | Compare address services | -
SHOP-20 | Bug | done | - | 901 | Total was wrong by a cent | -
SHOP-21 | Story | done | SHOP-9 | 901 | Show delivery costs in the basket | -
WEB-5 | Story | done | - | 904 | Zoom into pictures | -
WEB-6 | Bug | done | - | 904 | Pictures jumped while loading | -
SHOP-22 | Sub-task | done | SHOP-11 | - | Contract with the wallet provider | -
SHOP-23 | Sub-task | new | SHOP-12 | - | Test with a real card | -
"""
_LEVELS = {"Epic": 1, "Sub-task": -1}
_CATEGORIES: Mapping[str, Category] = {"new": "new", "doing": "indeterminate", "done": "done"}

_OUTCOMES = {
    "SHOP-1": "Half of our buyers on phones pay in two taps.",
    "SHOP-2": "Nobody has to open an account to buy.",
    "SHOP-3": "One card in twelve is declined today; we aim for one in thirty.",
    "WEB-1": "People find what they meant.",
}
_TEXTS = {
    "SHOP-10": "We remember your addresses, so that you never type one twice.",
    "SHOP-17": "Street names with ä, ö and ü arrive as you typed them.",
}
STATUSES: Mapping[Category, str] = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}


def product(**changes: object) -> Product:
    """The product Checkout: RICE inside MoSCoW classes, three kinds of pages."""
    base = Product(
        id="checkout",
        name="Checkout",
        site="acme",
        scope="project in (SHOP, WEB)",
        inputs={
            "reach": InputRule(field="Reach", per="quarter"),
            "impact": InputRule(
                field="Impact",
                values={"Massive": 3, "High": 2, "Medium": 1, "Low": 0.5, "Minimal": 0.25},
            ),
            "confidence": InputRule(field="Confidence", unit="percent"),
            "effort": InputRule(field="Effort", unit="person-months"),
            "class": InputRule(field="Class", classes=("Must", "Should", "Could", "Won't")),
        },
        scores={"rice": Rice()},
        order=(
            OrderKey(by="class"),
            OrderKey(by="rice", direction="highest first"),
            OrderKey(by="due", direction="earliest first"),
        ),
        rank=RankRules(level=1, only='statusCategory = "To Do"'),
        pages=PageRules(
            space="PROD",
            under="123456",
            readers=Readers(projects=("SHOP", "WEB")),
            kinds=(BacklogPage(), RoadmapPage(next=4, later=4, outcome="Outcome")),
        ),
        release_notes=(ReleaseNotes(audience="customers", since=date(2026, 1, 1), text="Text"),),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # any field of Product


def snapshot() -> Snapshot:
    """What Jira holds of it: thirty issues in rank order, one of a project readers cannot see."""
    return Snapshot(
        product="checkout",
        browse_url="https://acme.example",
        pulled_at=START + timedelta(days=80),
        issues=tuple(_issue(at, line) for at, line in enumerate(_TABLE.strip().splitlines())),
        projects=tuple(Project(id=key, key=key, name=key) for key in ("SHOP", "WEB", "SEC")),
        versions=VERSIONS,
        fields=FIELDS,
    )


def backlog(rules: Product, known: Snapshot) -> Backlog:
    """The epics that are not started, best first; unscored ones stay at the end."""
    issues = {i.id: i for i in known.issues if i.level == 1 and i.category == "new"}
    score_rules = ScoreRules(inputs=rules.inputs, scores=rules.scores, order=rules.order)
    verdicts = judge(score_rules, known, issues.values())
    today = tuple(issues)
    scored = [i for i in today if verdicts[i].key is not None]
    desired = (
        *sorted(scored, key=lambda i: verdicts[i].key or ()),
        *(i for i in today if i not in scored),
    )
    return Backlog(
        today=today,
        desired=desired,
        issues=issues,
        verdicts=verdicts,
        fixed={},
        displaced=frozenset(i for at, i in enumerate(desired) if today[at] != i),
        reasons={i: verdicts[i].reason or "by its class and its score" for i in desired},
    )


def applied(before: Backlog) -> Backlog:
    """The backlog once the moves are made."""
    return replace(before, today=before.desired, displaced=frozenset())


def with_text(known: Snapshot, text: str) -> Snapshot:
    """The same world, with *text* in every place that a person may write to."""
    return replace(
        known,
        issues=tuple(_with_text(issue, text) for issue in known.issues),
        versions=tuple(
            replace(version, name=f"{version.id} {text}", description=text)
            for version in known.versions
        ),
    )


def _with_text(issue: Issue, text: str) -> Issue:
    values: dict[str, Raw] = {**issue.values, OUTCOME: text, TEXT: text}
    return replace(
        issue, summary=text, status=text, labels=(text,), issue_type=issue.issue_type, values=values
    )


def _issue(at: int, line: str) -> Issue:
    key, kind, category, parent, versions, summary, inputs = line.split(" | ")
    values: dict[str, Raw] = dict(zip(INPUTS.values(), _inputs(inputs), strict=False))
    values |= {OUTCOME: _OUTCOMES[key]} if key in _OUTCOMES else {}
    values |= {TEXT: _TEXTS[key]} if key in _TEXTS else {}
    return Issue(
        id=_id(key),
        key=key,
        project=key.split("-")[0],
        issue_type=kind,
        level=_LEVELS.get(kind, 0),
        summary=summary,
        status=STATUSES[_CATEGORIES[category]],
        category=_CATEGORIES[category],
        created=START + timedelta(days=at),
        updated=START + timedelta(days=60),
        resolved=START + timedelta(days=50) if category == "done" else None,
        parent_id=None if parent == "-" else _id(parent),
        parent_key=None if parent == "-" else parent,
        versions=() if versions == "-" else tuple(versions.split()),
        due=date(2026, 6, 30) if key == "SHOP-5" else None,
        values={id_: value for id_, value in values.items() if value is not None},
    )


def _inputs(text: str) -> Iterator[Raw]:
    for word in text.split():
        yield None if word == "-" else float(word) if word[0].isdigit() else word


def _id(key: str) -> str:
    project, number = key.split("-")
    return str({"SHOP": 10_000, "WEB": 20_000, "SEC": 30_000}[project] + int(number))
