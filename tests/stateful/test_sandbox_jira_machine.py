"""The sandbox's Jira under any mixture of what people and clients do."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from little_jira import IMPACT, REACH, little_jira

from pmsync.sandbox.jira.editing import edits
from pmsync.sandbox.jira.errors import JiraError
from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.jql.evaluate import search
from pmsync.sandbox.jira.people import act
from pmsync.sandbox.jira.rendering import render
from pmsync.sandbox.jira.selection import select

EVERYTHING = select(["*all"], default="*all")
PLACES = st.integers(0, 40)
WORDS = st.sampled_from(["one", "two", "three"])


class JiraMachine(RuleBasedStateMachine):
    """A site, and beside it what an observer wrote down."""

    def __init__(self) -> None:
        super().__init__()
        self.state = little_jira()
        self.order = [self.state.issues[each].key for each in self.state.rank]
        self.keys = {issue.key: issue.id for issue in self.state.issues.values()}
        self.summaries = {issue.id: issue.fields["summary"] for issue in self.state.issues.values()}
        self.histories = 0

    def pick(self, place: int) -> StoredIssue:
        return self.state.get(self.order[place % len(self.order)])

    @rule(place=PLACES, word=WORDS)
    def write_summary(self, place: int, word: str) -> None:
        """A client edits through version three of the API."""
        issue = self.pick(place)
        before = issue.fields["updated"]
        changes = edits(self.state, issue, {"fields": {"summary": word}}, version=3)
        self.state.change(issue, changes, author=self.state.account)
        changed = self.summaries[issue.id] != word
        self.histories += changed
        self.summaries[issue.id] = word
        assert (issue.fields["updated"] != before) == changed

    @rule(place=PLACES, value=st.sampled_from(["x", True, [], {}]))
    def write_nonsense(self, place: int, value: Any) -> None:
        """A refused edit writes nothing, not even its good half."""
        issue = self.pick(place)
        body = {"fields": {"summary": "never", REACH: value, IMPACT: value}}
        with pytest.raises(JiraError) as caught:
            edits(self.state, issue, body, version=3)
        assert set(caught.value.errors) == {REACH, IMPACT}

    @rule(places=st.lists(PLACES, min_size=1, max_size=4), anchor=PLACES, below=st.booleans())
    def rank(self, places: list[int], anchor: int, *, below: bool) -> None:
        """A client ranks a block beside an issue that is not in it."""
        fixed = self.pick(anchor)
        block = [issue for issue in dict.fromkeys(map(self.pick, places)) if issue is not fixed]
        if not block:
            return
        was = list(self.order)
        named = [issue.key for issue in block]
        rest = [key for key in self.order if key not in named]
        place = rest.index(fixed.key) + below
        self.order = rest[:place] + named + rest[place:]
        self.histories += sum(self.order.index(key) != was.index(key) for key in named)
        where = {"after": fixed} if below else {"before": fixed}
        self.state.move(block, author=self.state.account, **where)

    @rule(word=WORDS, project=st.sampled_from(["SHOP", "WEB"]))
    def create(self, word: str, project: str) -> None:
        """A person adds an issue; its key is new for ever."""
        made = act(self.state, {"do": "create-issue", "project": project, "summary": word})
        assert made["key"] not in self.keys
        self.order.append(made["key"])
        self.keys[made["key"]] = made["id"]
        self.summaries[made["id"]] = word

    @precondition(lambda self: len(self.order) > 3)
    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        """A person deletes an issue, and with it its sub-tasks."""
        issue = self.pick(place)
        gone = {
            child.id
            for child in self.state.children(issue)
            if child.named("issuetype").get("subtask")
        } | {issue.id}
        self.histories -= sum(len(self.state.issues[each].changelog) for each in gone)
        self.order = [key for key in self.order if self.keys[key] not in gone]
        self.keys = {key: each for key, each in self.keys.items() if each not in gone}
        act(self.state, {"do": "delete-issue", "issue": issue.key})

    @rule(place=PLACES)
    def move_project(self, place: int) -> None:
        """A person moves an issue to the other project; its old key still leads to it."""
        issue = self.pick(place)
        old = issue.key
        project = "WEB" if issue.project == "SHOP" else "SHOP"
        act(self.state, {"do": "move-issue", "issue": old, "project": project})
        self.histories += 2  # the project's and the key's
        self.order[self.order.index(old)] = issue.key
        self.keys[issue.key] = issue.id

    @rule(place=PLACES, parent=PLACES)
    def adopt(self, place: int, parent: int) -> None:
        """A client gives an issue another parent."""
        issue, other = self.pick(place), self.pick(parent)
        if issue is other:
            return
        before = len(issue.changelog)
        body = {"fields": {"parent": {"key": other.key}}}
        self.state.change(issue, edits(self.state, issue, body, version=3), author={})
        self.histories += len(issue.changelog) - before

    @invariant()
    def order_is_the_observers(self) -> None:
        """ORDER BY Rank, and every issue in it once."""
        found = search(self.state, "project is not empty order by Rank")
        assert [issue.key for issue in found] == self.order

    @invariant()
    def keys_lead_to_their_issue(self) -> None:
        """Present and former ones."""
        for key, issue_id in self.keys.items():
            assert self.state.get(key).id == issue_id

    @invariant()
    def texts_are_the_last_written(self) -> None:
        """Nothing that was refused is there."""
        for issue in self.state.issues.values():
            assert issue.fields["summary"] == self.summaries[issue.id]

    @invariant()
    def every_change_left_a_history(self) -> None:
        """One each, with an id of its own, oldest first."""
        logs = [issue.changelog for issue in self.state.issues.values()]
        ids = [history["id"] for log in logs for history in log]
        assert len(ids) == len(set(ids)) == self.histories
        for log in logs:
            assert [each["created"] for each in log] == sorted(each["created"] for each in log)

    @invariant()
    def no_answer_is_stale(self) -> None:
        """What is cached is what a site without a cache would say."""
        issues = list(self.state.issues.values())
        cached = [render(self.state, each, EVERYTHING, version=2) for each in issues]
        self.state.forget_all()
        assert cached == [render(self.state, each, EVERYTHING, version=2) for each in issues]


JiraMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestJiraMachine = JiraMachine.TestCase
