"""Bad input: one clear message with place and cure, the exit code of its class, no change."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import front_door
import pytest
from stand import TOKEN, Stand
from starlette.responses import Response

from pmsync.adapters.store.sql import open_store

WRONG = "wrong-token-0815"


@dataclass(frozen=True, slots=True)
class Told:
    """The message that a refused command left on standard error."""

    text: str

    def says(self, *wanted: str) -> None:
        """Check that all of *wanted* stand in it."""
        assert [text for text in wanted if text not in self.text] == [], self.text


def refused(stand: Stand, code: int, *words: str) -> Told:
    """Run a command that must fail with *code*, say why, and change nothing anywhere."""
    state, knowledge = stand.state(), stand.knowledge()
    ended = stand.run(*words)
    assert ended.code == code, ended
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert stand.sandbox.address.token not in ended.err
    assert stand.state() == state
    assert stand.knowledge() == knowledge
    return Told(ended.err)


def test_all_faults_of_a_configuration_are_told_at_once(stand: Stand) -> None:
    """Misspelt keys and wrong types, in both files, each with its place and a cure."""
    stand.operator_file.write_text(
        stand.operator_file.read_text("utf-8").replace("time_zone", "timezone"), "utf-8"
    )
    key = stand.change("scope:", "skope:")
    mode = stand.change("mode: propose", "mode: 3")
    unit = stand.change("unit: percent", "unit: 4")
    told = refused(stand, 2, "config", "check")
    told.says(
        "pmsync.yaml:8:3: unknown key 'timezone' (did you mean time_zone?)",
        f"products/checkout.yaml:{key}:1: unknown key 'skope' (did you mean scope?)",
        f"products/checkout.yaml:{mode}:7: expected watch, propose or auto",
        f"products/checkout.yaml:{unit}:42: expected text, found the number 4",
    )
    assert stand.run("sync").err == stand.run("config", "check").err
    assert stand.sandbox.log == []


def test_unknown_fields_are_told_with_their_lines(stand: Stand) -> None:
    """Every field that Jira does not have, the line that names it, and what is similar."""
    reach = stand.change("field: Reach", "field: Reech")
    text = stand.change("text: Release note", "text: Nope")
    told = refused(stand, 2, "sync")
    told.says(
        f"products/checkout.yaml:{reach}:19: inputs.reach.field: Jira has no field called"
        " Reech; similar: Reach (customfield_10101)",
        f"products/checkout.yaml:{text}:11: release_notes.0.text: Jira has no field",
        "correct the field in the rules",
    )


def test_a_field_that_was_deleted_stops_the_run(lived: Stand) -> None:
    """The field is known by its pin: its rule's line is named, pages and order stay."""
    catalogue = lived.sandbox.site.jira.catalogue
    gone = catalogue.field_named("Reach", "SHOP")
    line = lived.change("field: Reach", "field: Reach")
    with pytest.MonkeyPatch.context() as patch:
        left = {id_: field for id_, field in catalogue.fields.items() if id_ != gone["id"]}
        patch.setattr(catalogue, "fields", left)
        told = refused(lived, 2, "sync")
        told.says(f"checkout.yaml:{line}:19: inputs.reach.field", "no longer exists in Jira")


JQLS = {
    "scope": ("project in (SHOP, WEB)", "projekt = SHOP", ":8: scope: ", "'projekt'"),
    "value": ("project in (SHOP, WEB)", "project = NOPE", ":8: scope: ", "'NOPE'"),
    "ranked": ('statusCategory = "To Do"', "a = b", ":9: rank.only: ", "'a'"),
    "stay": ("labels = pinned", "lables = x", ":51: rank.never_move.2: ", "'lables'"),
    "notes": ("labels is EMPTY", "labls is EMPTY", ":11: release_notes.0.only: ", "'labls'"),
    "roadmap": ("- roadmap", "- roadmap: {now: a = 1}", ":22: pages.kinds.0.now: ", "'a'"),
}


@pytest.mark.parametrize("name", JQLS)
def test_a_jql_that_jira_refuses_is_told_with_its_line(stand: Stand, name: str) -> None:
    """Jira's own words, and the file, line and column of that very JQL."""
    old, new, place, said = JQLS[name]
    line = stand.change(old, new)
    told = refused(stand, 2, "sync")
    told.says(f"products/checkout.yaml:{line}{place}Jira refuses this JQL: ", said)
    told.says("correct it in the rules")


def test_order_by_in_a_jql_is_refused_before_asking(stand: Stand) -> None:
    """It would contradict the rank order that is asked for."""
    line = stand.change("project in (SHOP, WEB)", "project in (SHOP, WEB) ORDER BY Rank")
    told = refused(stand, 2, "sync")
    told.says(f"products/checkout.yaml:{line}:8: ORDER BY does not belong", "(remove it")
    assert stand.sandbox.log == []


def test_a_missing_token_says_every_way_to_give_one(stand: Stand) -> None:
    """The environment, a file and the keyring are named, and nothing is asked."""
    stand.environ = {}
    told = refused(stand, 2, "sync")
    told.says(
        "no token for the site demo",
        "PMSYNC_SITES__DEMO__TOKEN",
        "token_file",
        "keyring",
    )
    assert stand.sandbox.log == []


def test_plain_http_to_another_host_is_refused(stand: Stand) -> None:
    """The token would be readable on the way."""
    stand.write_operator(base="http://jira.example")
    told = refused(stand, 2, "sync")
    told.says("pmsync.yaml:3:11: plain http would send the token readable", "write https://")
    told.says("pmsync.yaml:4:17: ")


TEMPLATES = {
    "\n{{ vew.title }}": ("roadmap.html.j2:2: page roadmap: 'vew' is undefined", "cure: "),
    "\n{% if %}": ("roadmap.html.j2:2: ", "cure: mend the template's syntax"),
    "\n\n<p>{{ 1 / 0 }}</p>": ("roadmap.html.j2:3: page roadmap: ZeroDivisionError", "cure: "),
    "<script>x()</script>": ("page roadmap must not be sent", "script is not allowed"),
    "<p>never closed": ("page roadmap: not well-formed", "cure: close every element"),
}


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_error_names_file_and_line(stand: Stand, text: str) -> None:
    """A template of the user's own is wrong: nothing of the product is published."""
    folder = stand.folder / "templates"
    folder.mkdir()
    (folder / "roadmap.html.j2").write_text(text, "utf-8")
    told = refused(stand, 2, "plan")
    told.says(*TEMPLATES[text])


def test_a_template_of_ones_own_is_used(stand: Stand) -> None:
    """The same place, used well: the page is what the user's template says."""
    folder = stand.folder / "templates"
    folder.mkdir()
    (folder / "roadmap.html.j2").write_text("<p>Our own roadmap</p>", "utf-8")
    stand.adopt()
    assert "Our own roadmap" in stand.pages()["Checkout: roadmap"]["body"]


def test_a_refused_token_is_an_authentication_error(lived: Stand) -> None:
    """401 is exit code 4, and the wrong token is not shown."""
    lived.environ[TOKEN] = WRONG
    told = refused(lived, 4, "sync")
    told.says("does not accept the credentials", "cure: check the account and its API token")
    assert WRONG not in lived.run("sync").err


DOORS: dict[str, tuple[Callable[[], Response], int, str, str]] = {
    "login": (front_door.login_page, 4, "a login page", "check the account"),
    "captcha": (front_door.captcha, 4, "a CAPTCHA", "log in once with a browser"),
    "down": (front_door.down, 75, "answered 502", "try again later"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("command", ["sync", "plan", "pull"])
def test_what_stands_before_the_site_is_not_taken_for_it(
    lived: Stand, door: str, command: str
) -> None:
    """A login page with 200 is no empty backlog, and a gateway's 502 is not a fault of ours."""
    answer, code, said, cure = DOORS[door]
    with front_door.answering(lived.sandbox.site.front, answer()):
        asked = len(lived.sandbox.log)
        told = refused(lived, code, command)
        told.says(said, f"cure: {cure}")
        if door != "down":
            assert len(lived.sandbox.log) == asked + 1, "whoever is refused does not insist"


def test_a_site_that_is_not_there_can_be_tried_later(lived: Stand) -> None:
    """Nobody listens on the port: exit code 75."""
    lived.write_operator(base="http://127.0.0.1:9")
    told = refused(lived, 75, "sync")
    told.says("did not answer", "cure: try again later")


def test_an_empty_backlog_where_there_was_one_publishes_nothing(lived: Stand) -> None:
    """A scope that suddenly finds nothing stops the run."""
    lived.change("project in (SHOP, WEB)", "project in (SHOP, WEB) AND labels = nonesuch")
    told = refused(lived, 1, "sync")
    told.says("checkout: the scope holds no issue, and held 300", "cure: check the scope")


def test_a_lost_project_publishes_nothing(lived: Stand) -> None:
    """An account that lost the right to browse a project stops the run."""
    lived.human(do="revoke", project="WEB", permission="BROWSE_PROJECTS")
    told = refused(lived, 1, "sync")
    told.says("project WEB had issues in scope", "cure: give the account Browse Projects")


def test_many_issues_gone_without_a_word_wait_for_a_person(lived: Stand) -> None:
    """A fifth of the issues deleted: the plan waits, and names the limit."""
    done = [issue["key"] for issue in lived.state()["issues"] if issue["status"] == "Done"]
    for key in done[:90]:
        # Some go with the issue above them.
        if key in lived.state()["rank"]:
            lived.human(do="delete-issue", issue=key)
    writes = len(lived.writes())
    waiting = lived.run("sync")
    assert waiting.code == 5, waiting
    assert "are gone without explanation" in waiting.out
    assert len(lived.writes()) == writes


PLAN_FILES: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "empty": (lambda _: "", "not JSON"),
    "cut": (lambda text: text[:500], "not JSON"),
    "binary": (lambda _: b"\xff\xfe\x00", "cannot be read"),
    "list": (lambda _: "[]", "not a plan file"),
    "other": (lambda _: '{"a": 1}', "not a plan file"),
    "future": (lambda text: text.replace('"pmsync_plan": 1', '"pmsync_plan": 9'), "format 9"),
    "altered": (lambda text: text.replace("WEB-57", "WEB-58"), "altered after it was made"),
    "body": (lambda text: text.replace("Checkout: roadmap", "Checkout: map"), "altered"),
    "shape": (lambda text: text.replace('"kind": "rank"', '"kind": "drop"'), "not a valid plan"),
    "extra": (lambda text: text.replace('"as_of"', '"also": 1, "as_of"'), "not a valid plan"),
}


@pytest.mark.parametrize("name", PLAN_FILES)
def test_a_bad_plan_file_is_refused(stand: Stand, name: str) -> None:
    """Whatever was done to the file, nothing of it is applied."""
    spoil, said = PLAN_FILES[name]
    stand.run("plan", "-o", "plan.json")
    file = stand.folder / "plan.json"
    spoilt = spoil(file.read_text("utf-8"))
    file.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
    told = refused(stand, 2, "apply", "plan.json")
    told.says(f"plan.json: {said}" if name == "cut" else said, "\n  cure: ")


@pytest.mark.parametrize("name", ["products", "nothing.json", "abcdef012345"])
def test_what_is_no_plan_at_all_is_told(stand: Stand, name: str) -> None:
    """A folder, a missing file, a hash that nobody stored."""
    told = refused(stand, 2, "apply", name)
    told.says(f"{name}: there is no such file, and no stored plan", "pmsync runs plans")


@pytest.mark.parametrize("name", ["", "a", "3f9ac", "3F9AC"])
def test_a_few_characters_of_a_hash_are_no_approval(stand: Stand, name: str) -> None:
    """They might be a slip, and fit a plan that nobody has read."""
    stand.run("sync")
    told = refused(stand, 2, "apply", name)
    told.says("a plan's hash needs at least 6 characters", "cure: list the waiting plans")


def test_a_hash_may_be_cut_to_six_characters_of_either_case(stand: Stand) -> None:
    """As it is read out over a desk."""
    waiting = stand.run("sync").approval
    assert stand.run("apply", waiting[:6].upper()).code == 0


def test_apply_keeps_to_the_product_that_is_named(stand: Stand) -> None:
    """A plan of another product is refused, and so is a product that is not there."""
    other = stand.product_file.read_text("utf-8").replace("name: Checkout", "name: Other")
    (stand.folder / "products" / "other.yaml").write_text(other, "utf-8")
    stand.run("plan", "--product", "checkout", "-o", "plan.json")
    told = refused(stand, 2, "apply", "plan.json", "--product", "other")
    told.says("plan.json: it is a plan of the product 'checkout', not of other", "\n  cure: leave")
    refused(stand, 2, "apply", "plan.json", "--product", "nope").says("there is no product 'nope'")
    assert stand.run("apply", "plan.json", "--product", "checkout").code == 0


@pytest.mark.parametrize("limit", ["0", "-3"])
def test_no_runs_cannot_be_listed(stand: Stand, limit: str) -> None:
    """Nought or less is a slip."""
    refused(stand, 2, "runs", "--limit", limit).says("--limit")


def test_a_plan_of_another_product_is_refused(stand: Stand) -> None:
    """The plan names its product and site; the configuration does not have it."""
    stand.run("plan", "-o", "plan.json")
    stand.product_file.rename(stand.folder / "products" / "other.yaml")
    told = refused(stand, 2, "apply", "plan.json")
    told.says("plan.json: it is a plan of the product 'checkout' on the site 'demo'", "cure")


def test_an_expired_plan_is_refused(stand: Stand) -> None:
    """Three working days after it was made, the approval means nothing any more."""
    stand.run("plan", "-o", "plan.json")
    stand.clock.later += timedelta(days=7)
    told = refused(stand, 5, "apply", "plan.json")
    told.says("plan.json: the plan expired on 2026-11-19", "cure: make a new plan")


def test_an_expired_waiting_plan_is_named_by_its_hash(stand: Stand) -> None:
    """The one who approves it knows nothing else of it."""
    waiting = stand.run("sync").approval
    stand.clock.later += timedelta(days=7)
    refused(stand, 5, "apply", waiting).says(f"{waiting}: the plan expired on 2026-11-19")


def test_a_stale_plan_is_refused_as_a_whole(stand: Stand) -> None:
    """When more than a fifth no longer fits, nothing of it is applied."""
    stand.run("plan", "-o", "plan.json")
    for key in ("WEB-57", "SHOP-51", "WEB-31", "WEB-47"):
        stand.human(do="move-issue", issue=key, to="bottom")
    told = refused(stand, 5, "apply", "plan.json")
    told.says(
        "plan.json: ", "of 7 changes do not fit any more", "rank/0001: these issues have been moved"
    )
    told.says("cure: make a new plan")


def test_a_plan_that_a_page_has_outgrown_drops_that_page(lived: Stand) -> None:
    """One page was edited meanwhile: it is dropped and named, the rest is applied."""
    lived.human(do="edit-issue", issue="SHOP-51", fields={"summary": "Reserve stock earlier"})
    for key in ("WEB-57", "WEB-38", "WEB-51"):
        lived.human(do="move-issue", issue=key, to="bottom")
    lived.run("plan", "-o", "plan.json")
    changes = json.loads((lived.folder / "plan.json").read_text("utf-8"))["plan"]["changes"]
    assert [change["kind"] for change in changes] == ["rank", "rank", "rank", "update", "update"]
    lived.human(do="edit-page", page="Checkout: roadmap", append="<p>By hand</p>")
    body = lived.pages()["Checkout: roadmap"]["body"]
    applied = lived.run("apply", "plan.json")
    assert applied.code == 6, applied
    assert "4 of 5 changes" in applied.out
    assert "! page roadmap" in applied.out
    assert "dropped: the page is at version" in applied.out
    assert lived.pages()["Checkout: roadmap"]["body"] == body


def test_a_store_that_another_process_holds_can_be_tried_later(lived: Stand) -> None:
    """Exit code 75 names the file."""
    with closing(sqlite3.connect(lived.store_file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.MonkeyPatch.context() as patch:
            impatient = partial(open_store, busy_timeout_s=0.05)
            patch.setattr("pmsync.adapters.store.sql.open_store", impatient)
            ended = lived.run("sync")
        other.execute("ROLLBACK")
    assert ended.code == 75, ended
    assert "pmsync.db: another process holds the store" in ended.err
    assert lived.run("sync").code == 0


def test_a_damaged_store_is_told_and_left_as_it_is(lived: Stand) -> None:
    """No new store is put over the old one."""
    damaged = b"this is no database at all " * 100
    lived.store_file.write_bytes(damaged)
    state = lived.state()
    ended = lived.run("sync")
    assert ended.code == 1
    assert "pmsync.db: the file is not a pmsync store\n  cure: " in ended.err
    assert lived.store_file.read_bytes() == damaged
    assert lived.state() == state


def test_a_newer_store_is_refused(lived: Stand) -> None:
    """A store of a later pmsync is not touched by an older one."""
    with closing(sqlite3.connect(lived.store_file)) as connection, connection:
        connection.execute("UPDATE pmsync_revision SET version_num = 'r9999'")
    told = refused(lived, 1, "sync")
    told.says("newer than this pmsync", "cure: upgrade pmsync")


def test_a_folder_that_cannot_be_written_is_told(stand: Stand) -> None:
    """The store's folder does not exist or is not ours."""
    text = stand.operator_file.read_text("utf-8").replace("pmsync.db", "/proc/pmsync.db")
    stand.operator_file.write_text(text, "utf-8")
    ended = stand.run("sync")
    assert ended.code == 1
    assert "/proc/pmsync.db" in ended.err
    assert "cure: " in ended.err


USAGE: dict[str, tuple[tuple[str, ...], str]] = {
    "folder": (("sync", "--config", "products"), "products: this is a folder, not a file"),
    "missing": (("sync", "--config", "no.yaml"), "no.yaml: there is no such file"),
    "product": (("sync", "--product", "chekout"), "no product 'chekout' (did you mean checkout?)"),
    "run": (("runs", "show", "zzz"), "there is no run zzz\n  cure: list them with: pmsync runs"),
    "issue": (("explain", "SHOP-9999"), "no stored run has ranked SHOP-9999\n  cure: "),
    "option": (("sync", "--nope"), "No such option: --nope"),
    "command": (("snyc",), "Did you mean 'sync'?"),
    "format": (("sync", "--format", "xml"), "'xml' is not one of 'table', 'json'"),
    "argument": (("apply",), "Missing argument 'FILE|HASH'"),
    "no command": ((), "Usage: pmsync [OPTIONS] COMMAND"),
    "output": (("plan", "-o", "products"), "products: a plan cannot be written there\n  cure: "),
    "no folder": (("plan", "-o", "a/b/c.json"), "a plan cannot be written there"),
}


@pytest.mark.parametrize("name", USAGE)
def test_a_wrong_command_line_is_a_usage_error(stand: Stand, name: str) -> None:
    """What was meant is guessed where that is possible; nothing is done."""
    words, said = USAGE[name]
    told = refused(stand, 2, *words)
    told.says(said)
    assert stand.writes() == []


def test_without_a_configuration_it_says_where_it_looked(stand: Stand) -> None:
    """All the places are named, and the two ways to name another."""
    stand.operator_file.unlink()
    ended = stand.run("sync", XDG_CONFIG_HOME=str(stand.folder))
    assert ended.code == 2
    assert "there is no configuration; looked for pmsync.yaml, " in ended.err
    assert "--config or PMSYNC_CONFIG" in ended.err


def test_without_products_it_says_where_they_go(stand: Stand) -> None:
    """A folder and a file name are the cure."""
    stand.product_file.unlink()
    told = refused(stand, 2, "sync")
    told.says("declares no product", "cure: add a file to the folder products/")


def test_one_plan_file_holds_one_plan(stand: Stand) -> None:
    """-o with two products is refused before anything is asked."""
    other = stand.product_file.read_text("utf-8").replace("name: Checkout", "name: Other")
    (stand.folder / "products" / "other.yaml").write_text(other, "utf-8")
    told = refused(stand, 2, "plan", "-o", "plan.json")
    told.says("2 products are chosen", "cure: name one with --product")
    assert stand.sandbox.log == []


def test_a_restricted_issue_cannot_be_explained(lived: Stand) -> None:
    """What pmsync keeps off pages is not told here either."""
    (hidden, *_) = [issue for issue in lived.state()["issues"] if issue["restricted"]]
    told = refused(lived, 2, "explain", hidden["key"])
    told.says(f"no stored run has ranked {hidden['key']}")
    assert hidden["summary"] not in lived.run("explain", hidden["key"]).err


def test_a_typing_error_in_the_environment_is_told(stand: Stand) -> None:
    """A setting that is none, and a switch that is neither on nor off."""
    stand.environ[TOKEN.replace("SITES", "SITE")] = "x"
    stand.environ["PMSYNC_READ_ONLY"] = "maybe"
    told = refused(stand, 2, "sync")
    told.says("PMSYNC_SITE__DEMO__TOKEN", "did you mean PMSYNC_SITES__?")
    told.says("PMSYNC_READ_ONLY: expected 1 or 0")


def test_a_misspelt_safety_switch_stops_everything(stand: Stand) -> None:
    """Otherwise the run would write, and whoever set it would be sure that it does not."""
    stand.environ["PMSYNC_READONLY"] = "1"
    told = refused(stand, 2, "sync")
    told.says("PMSYNC_READONLY: this names no setting (did you mean PMSYNC_READ_ONLY?)")
