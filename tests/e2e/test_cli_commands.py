"""Every command does its work against a live sandbox and speaks as it promises."""

import json
import re

import pytest
from stand import Stand
from starlette.types import Receive, Scope, Send

from pmsync import __version__

NEXT_STEP = "to keep this plan: pmsync plan --product checkout -o FILE\n"
COMMANDS = (
    ("demo",),
    ("sandbox", "serve"),
    ("config", "check"),
    ("config", "show"),
    ("config", "schema"),
    ("doctor",),
    ("pull",),
    ("score",),
    ("plan",),
    ("apply",),
    ("sync",),
    ("runs",),
    ("runs", "show"),
    ("runs", "plans"),
    ("explain",),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(stand: Stand, words: tuple[str, ...]) -> None:
    """Help names the command, says in a sentence what it does, and explains each option."""
    shown = stand.run(*words, "--help")
    assert (shown.code, shown.err) == (0, "")
    usage, said = shown.out.split("\n\n")[:2]
    assert " ".join(words) in usage
    assert re.fullmatch(r"  [A-Z].*[.;].*", said, re.DOTALL)
    blank = re.findall(r"^  (--[a-z-]+)(?: [A-Z|]+)?$", shown.out, re.MULTILINE)
    assert [name for name in blank if not re.search(rf"{name}.*\n {{10,}}\S", shown.out)] == []


def test_the_list_of_commands_is_not_cut_off(stand: Stand) -> None:
    """A newcomer reads every command's summary to its end."""
    shown = stand.run("--help")
    listed = shown.out.partition("Commands:\n")[2].splitlines()
    assert len(listed) == 11
    assert [line for line in listed if line.endswith("...") or not line.endswith(".")] == []


def test_it_says_which_version_it_is(stand: Stand) -> None:
    """Without a configuration, and before any command."""
    (stand.folder / "pmsync.yaml").unlink()
    shown = stand.run("--version")
    assert (shown.code, shown.out, shown.err) == (0, f"pmsync {__version__}\n", "")


def test_config_speaks_json_too(stand: Stand) -> None:
    """The same values and origins as in the table, and no secret either."""
    assert stand.run("config", "check", "--format", "json").json == {
        "files": ["pmsync.yaml", "products/checkout.yaml"],
        "products": ["checkout"],
    }
    shown = stand.run("config", "show", "--format", "json", PMSYNC_READ_ONLY="1")
    product = shown.json["settings"]["products"]["checkout"]
    assert (product["scope"], product["rank"]["level"]) == ("project in (SHOP, WEB)", "Epic")
    assert shown.json["origins"]["products.checkout.scope"].startswith("products/checkout.yaml:")
    assert shown.json["read_only"] is True
    assert stand.sandbox.address.token not in shown.out + shown.err


def test_config_check_counts_what_is_right(stand: Stand) -> None:
    """A right configuration is told in one line, without asking the site."""
    checked = stand.run("config", "check")
    assert (checked.code, checked.err) == (0, "")
    assert checked.out == "2 files, 1 product: no problem found\n"
    assert stand.sandbox.log == []


def test_config_show_tells_origins_and_no_secret(stand: Stand) -> None:
    """Each value stands with its place, the token is masked."""
    shown = stand.run("config", "show")
    assert shown.code == 0
    assert "scope: project in (SHOP, WEB) # products/checkout.yaml:" in shown.out
    assert stand.sandbox.address.token not in shown.out + shown.err


@pytest.mark.parametrize("part", ["product", "pmsync"])
def test_config_schema_is_a_json_schema(stand: Stand, part: str) -> None:
    """An editor can load what is printed."""
    schema = json.loads(stand.run("config", "schema", part).out)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["properties"]


def test_doctor_finds_a_right_site_well(stand: Stand) -> None:
    """All that a run needs is looked at, and nothing is written."""
    looked = stand.run("doctor", "--format", "json")
    (told,) = looked.json
    names = {check["name"] for check in told["checks"]}
    assert looked.code == 0
    assert {"jira", "scope", "permissions in SHOP", "space PROD", "would write"} <= names
    assert {check["state"] for check in told["checks"]} <= {"ok", "warning"}
    assert stand.writes() == []


def test_doctor_names_the_cure_of_what_fails(stand: Stand) -> None:
    """A missing right in one project fails the doctor, with what to do about it."""
    stand.human(do="revoke", project="WEB", permission="SCHEDULE_ISSUES")
    looked = stand.run("doctor")
    assert looked.code == 1
    assert "FAILED  permissions in WEB: missing: SCHEDULE_ISSUES" in looked.out
    assert "cure: let a Jira administrator grant it" in looked.out
    assert "1 failed" in looked.out.splitlines()[-1]


def test_doctor_can_speak_of_permissions_alone(stand: Stand) -> None:
    """What an administrator has to grant, without the rest."""
    (told,) = stand.run("doctor", "--permissions", "--format", "json").json
    assert [check["name"] for check in told["checks"]] == [
        "jira",
        "permissions in SHOP",
        "permissions in WEB",
        "space PROD",
        f"parent page {_homepage(stand)}",
    ]


def _homepage(stand: Stand) -> str:
    (space,) = [space for space in stand.state()["spaces"] if space["key"] == "PROD"]
    return str(space["homepageId"])


def test_pull_says_what_it_found(stand: Stand) -> None:
    """The first pull fetches all, the second one what changed."""
    first, second = (stand.run("pull", "--format", "json").json[0] for _ in range(2))
    assert (first["issues"], first["restricted"], first["full"]) == (298, 2, True)
    assert first["fetched"] == 300
    assert (second["fetched"], second["full"]) == (0, False)
    assert "everything" in stand.run("pull", "--full").out


def test_score_shows_the_desired_order_with_reasons(stand: Stand) -> None:
    """Places run from 1 on, and an issue without a score says which field is empty."""
    (told,) = stand.run("score", "--format", "json").json
    assert [place["desired"] for place in told["places"]] == list(range(1, 29))
    unscored = next(place for place in told["places"] if place["key"] == "SHOP-83")
    assert "Confidence is empty" in unscored["reason"]
    shown = stand.run("score")
    assert shown.out.startswith("Checkout: 28 issues ranked\n")
    assert stand.writes() == []


def test_plan_writes_nothing_anywhere(stand: Stand) -> None:
    """A preview leaves Jira, Confluence and the store alone."""
    stand.run("pull")
    before = stand.knowledge()
    shown = stand.run("plan")
    assert (shown.code, shown.err) == (0, NEXT_STEP)
    assert shown.out.startswith("Checkout · preview · made for 2026-11-16\n")
    assert stand.writes() == []
    assert stand.knowledge() == before
    assert re.search(r"^WEB-57 +2 +↑ +1 ", shown.out, re.MULTILINE)
    assert re.search(
        r"^… and \d+ others shift by a place or more to make room", shown.out, re.MULTILINE
    )
    assert "Over a brake" in shown.out


def test_a_plan_with_nothing_to_do_asks_for_nothing(lived: Stand) -> None:
    """There is nothing to keep, and nothing to apply."""
    shown = lived.run("plan")
    assert (shown.code, shown.err) == (0, "")
    assert "all 28 issues of the backlog stand where the rules ask for" in shown.out


def test_in_mode_watch_a_plan_says_that_it_cannot_be_applied(stand: Stand) -> None:
    """Whether it is kept in a file or not."""
    stand.change("mode: propose", "mode: watch")
    for words, kept in (((), ""), (("-o", "p.json"), "plan written to p.json; ")):
        shown = stand.run("plan", *words)
        assert shown.err == f"{kept}in mode watch no plan is applied: set mode: propose first\n"
    assert stand.run("apply", "p.json").code == 2


def test_a_page_that_is_gone_is_made_again_if_asked_for(lived: Stand) -> None:
    """Without --anew it is held, a sync ends with 6 in every mode but watch, and cron tells."""
    pages = lived.sandbox.site.confluence.pages
    del pages[int(lived.pages()["Checkout: roadmap"]["id"])]
    held = lived.run("sync")
    assert held.code == 6, held
    assert held.out.startswith("Checkout: nothing was written.\n  ! held Checkout: roadmap: ")
    assert lived.run("plan", "-o", "plan.json", "--anew").code == 0
    applied = lived.run("apply", "plan.json")
    assert (applied.code, applied.err) == (0, "")
    assert lived.run("sync").out == "Checkout: nothing was written.\n"
    lived.human(do="trash-page", page="Checkout: roadmap")
    assert lived.run("sync").code == 6
    lived.change("mode: propose", "mode: watch")
    assert lived.run("sync").code == 0


def test_plan_can_tell_a_script_that_changes_are_pending(lived: Stand) -> None:
    """Exit code 3 means that a sync would change something."""
    assert lived.run("plan", "--exit-code").code == 0
    lived.human(do="move-issue", issue="WEB-57", to="bottom")
    assert lived.run("plan", "--exit-code").code == 3
    assert lived.run("plan").code == 0


def test_plan_can_be_halved(stand: Stand) -> None:
    """--only leaves the other half of the work out."""
    kinds = {
        only: {change["kind"] for change in _plan(stand, "--only", only)["plan"]["changes"]}
        for only in ("rank", "pages")
    }
    assert kinds == {"rank": {"rank"}, "pages": {"create"}}


def _plan(stand: Stand, *words: str) -> dict[str, dict[str, list[dict[str, str]]]]:
    (found,) = stand.run("plan", "--format", "json", *words).json
    return dict(found)


def test_a_plan_file_is_applied_as_it_was_made(stand: Stand) -> None:
    """What was written to a file is what happens, and the file's hash is the preview's."""
    made = stand.run("plan", "-o", "plan.json")
    assert made.err == "plan written; apply it with: pmsync apply plan.json\n"
    file = json.loads((stand.folder / "plan.json").read_text("utf-8"))
    assert file["hash"][:12] in made.out
    applied = stand.run("apply", "plan.json", "--format", "json")
    assert applied.code == 0
    assert set(applied.json["outcomes"]) == {one["change"] for one in file["plan"]["changes"]}
    assert applied.json["counts"] == {"applied": 7, "not_applied": 0, "unknown": 0, "held": 0}
    assert applied.json["writes"] == len(stand.writes())
    assert len(stand.pages()) == 4


def test_two_previews_are_the_same_bytes(stand: Stand) -> None:
    """Same input, same plan."""
    assert stand.run("plan", "--format", "json").out == stand.run("plan", "--format", "json").out


def test_the_first_sync_waits_and_the_hash_approves_it(stand: Stand) -> None:
    """Over a brake nothing is written, the exit code is 5, and the cure is one line."""
    waiting = stand.run("sync")
    assert waiting.code == 5
    assert stand.writes() == []
    assert "never approved before" in waiting.out
    assert waiting.out.startswith("Done now:\nCheckout: nothing was written.\n\nWaiting for you")
    assert waiting.out.endswith(f"To approve it: pmsync apply {waiting.approval}\n")
    assert stand.run("apply", waiting.approval).code == 0


def test_sync_tells_programs_the_same(stand: Stand) -> None:
    """The JSON of a sync has the keys that scripts rely on."""
    (told,) = stand.run("sync", "--format", "json").json
    keys = {"braked", "counts", "held", "outcomes", "product", "run", "waiting", "writes"}
    assert set(told) == keys
    assert set(told["waiting"]) == {"displaced", "expires", "hash", "pages", "tripped"}
    assert [one["brake"] for one in told["waiting"]["tripped"]] == ["first_run", "share_moved"]


def test_a_second_sync_writes_nothing(lived: Stand) -> None:
    """With nothing changed: no write, no page version, no mail."""
    writes, state = len(lived.writes()), lived.state()
    again = lived.run("sync")
    assert (again.code, again.out) == (0, "Checkout: nothing was written.\n")
    assert len(lived.writes()) == writes
    assert lived.state() == state


def test_moves_wait_and_pages_are_published(lived: Stand) -> None:
    """In mode propose a page follows Jira at once; Jira follows an approval only."""
    order = lived.state()["rank"]
    lived.human(do="move-issue", issue="WEB-57", to="bottom")
    proposed = lived.run("sync")
    assert proposed.code == 0
    assert lived.state()["rank"] != order
    now, _, waiting = proposed.out.partition("\nWaiting for you")
    assert now.startswith("Done now:\nCheckout: 2 of 2 changes (2 pages) applied")
    assert "Pages: 2 pages to write" in waiting
    assert waiting.endswith(f"\nTo approve it: pmsync apply {proposed.approval}\n")
    assert lived.run("apply", proposed.approval).code == 0
    ranked = [key for key in lived.state()["rank"] if key in {"WEB-57", "WEB-56", "SHOP-60"}]
    assert ranked == ["WEB-57", "WEB-56", "SHOP-60"]


def test_mode_watch_shows_and_writes_nothing(stand: Stand) -> None:
    """What a sync would do is told, and the exit code is 0."""
    stand.change("mode: propose", "mode: watch")
    watched = stand.run("sync")
    assert watched.code == 0
    assert "Mode watch" in watched.out
    assert "Checkout · preview · made for" in watched.out
    assert "may be applied" not in watched.out
    assert stand.writes() == []


def test_mode_auto_moves_within_the_brakes(lived: Stand) -> None:
    """Once approved, a small change needs nobody."""
    lived.change("mode: propose", "mode: auto")
    lived.human(do="move-issue", issue="WEB-57", to="bottom")
    done = lived.run("sync")
    assert done.code == 0, done
    assert "rank call" in done.out
    assert lived.run("plan", "--exit-code").code == 0


def test_runs_lists_and_shows(lived: Stand) -> None:
    """Each run stands in the list, and each of its writes below it."""
    listed = lived.run("runs", "--format", "json").json
    assert [(run["command"], run["state"]) for run in listed] == [
        ("apply", "done"),
        ("sync", "braked"),
    ]
    shown = lived.run("runs", "show", listed[0]["id"], "--format", "json").json
    assert len(shown["writes"]) == len(lived.writes())
    assert {write["outcome"]["state"] for write in shown["writes"]} == {"applied"}
    assert "It wrote nothing." in lived.run("runs", "show", listed[1]["id"]).out


def test_runs_plans_lists_what_became_of_plans(lived: Stand) -> None:
    """A plan that was approved is told as applied."""
    (plan,) = lived.run("runs", "plans", "--format", "json").json
    assert (plan["product"], plan["state"]) == ("checkout", "applied")
    assert plan["hash"][:12] in lived.run("runs", "plans").out


def test_lists_without_anything_say_so(stand: Stand) -> None:
    """An empty table is a sentence."""
    assert stand.run("runs").out == "No run yet.\n"
    assert stand.run("runs", "plans").out == "No plan yet.\n"
    assert stand.run("runs", "--format", "json").json == []


def test_explain_reads_what_the_run_stored(lived: Stand) -> None:
    """The answer is the run's own, even when Jira says something else by now."""
    said = lived.run("explain", "shop-51")
    assert "at 14 when it was pulled; the rules ask for 4 of 28: Must" in said.out
    assert "rice: 15,000 = " in said.out
    lived.human(do="edit-issue", issue="SHOP-51", fields={"Reach": 1})
    assert lived.run("explain", "SHOP-51").out == said.out
    (run,) = [run["id"] for run in lived.run("runs", "--format", "json").json[1:]]
    told = lived.run("explain", "SHOP-51", "--format", "json").json
    assert told["run"]["id"] == run
    assert told["place"]["verdict"]["scores"]["rice"]["value"] == pytest.approx(14_933.33, abs=1)


def test_explain_says_why_there_is_no_score(lived: Stand) -> None:
    """An unusable value is named with its limits, and counts as nothing."""
    said = lived.run("explain", "SHOP-52").out
    assert "unscored, because field Confidence is 800, outside 0 to 100" in said
    assert re.search(r"^confidence +Confidence +800 +nothing$", said, re.MULTILINE)


def test_read_only_stops_every_write(stand: Stand) -> None:
    """With PMSYNC_READ_ONLY nothing leaves, and no intent is left behind."""
    waiting = stand.run("sync", PMSYNC_READ_ONLY="1")
    assert waiting.code == 5
    refused = stand.run("apply", waiting.approval, PMSYNC_READ_ONLY="1")
    assert (refused.code, stand.writes()) == (1, [])
    assert "writes are switched off" in refused.err
    assert "cure: unset PMSYNC_READ_ONLY" in refused.err
    runs = stand.run("runs", "--format", "json").json
    assert stand.run("runs", "show", runs[0]["id"], "--format", "json").json["writes"] == []
    assert stand.run("apply", waiting.approval).code == 0


def test_requests_say_who_asks(stand: Stand) -> None:
    """Every request carries pmsync's name and version."""
    seen: set[str] = set()
    front = stand.sandbox.site.front
    usual = front.inner

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        seen.add(headers.get(b"user-agent", b"").decode())
        await usual()(scope, receive, send)

    front.inner = lambda: listening
    try:
        stand.adopt()
    finally:
        front.inner = usual
    assert seen == {f"pmsync/{__version__}"}


def test_one_product_that_fails_does_not_stop_the_others(stand: Stand) -> None:
    """Its failure is told on standard error, and it decides the exit code."""
    bad = stand.product_file.read_text("utf-8").replace("project in (SHOP, WEB)", "project = NOPE")
    (stand.folder / "products" / "broken.yaml").write_text(bad.replace("Checkout", "Broken"))
    done = stand.run("sync", "--format", "json")
    assert done.code == 2
    assert [told["product"] for told in done.json] == ["checkout"]
    line = bad[: bad.index("scope:")].count("\n") + 1
    assert done.err.startswith(f"broken: products/broken.yaml:{line}:8: scope: ")
    assert stand.run("sync", "--product", "checkout").code == 5


def test_long_and_hostile_texts_fold_and_cannot_draw(stand: Stand) -> None:
    """A summary may be long, in any script, and full of terminal codes."""
    nasty = "\x1b[2J\u202eevil\u202c " + "very " * 40 + "long"
    stand.human(do="edit-issue", issue="WEB-57", fields={"summary": nasty})
    for columns in (80, 100, 120):
        shown = stand.run("plan", COLUMNS=str(columns))
        assert max(map(len, shown.out.splitlines())) <= columns
        assert not {"\x1b", "\u202e", "\u202c"} & set(shown.out)
        assert r"\x1b[2J\u202eevil\u202c" in re.sub(r"\s+", "", shown.out)


def test_without_a_known_width_lines_are_not_folded(stand: Stand) -> None:
    """A pipe gets one line an issue, fit for grep."""
    shown = stand.process("score", COLUMNS="")
    assert shown.code == 0
    rows = [line for line in shown.out.splitlines() if re.match(r" +\d", line)]
    assert len(rows) == 28
