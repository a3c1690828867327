"""A product's file with something wrong: the message, its place and its cure."""

# ruff: noqa: E501 - a message stands on one line, as it is printed

from collections.abc import Callable

import pytest

Spoil = Callable[[str, str], list[str]]

CASES: list[tuple[str, str, list[str]]] = [
    (
        "scope:",
        "scpe:",
        [
            "1:1: the key 'scope' is missing here (JQL of every issue that pages may speak of, done ones included)",
            "3:1: unknown key 'scpe' (did you mean scope?)",
        ],
    ),
    ("site: acme", "site: acm", ["2:7: there is no site 'acm' (did you mean acme?)"]),
    (
        "name: Checkout",
        "name: 1e3",
        ['1:7: expected text, found the number 1e3 (put it in quotes: "1e3")'],
    ),
    ("name: Checkout", "name: true", ['1:7: expected text, found true (put it in quotes: "true")']),
    ("name: Checkout", "name:", ["1:1: expected text, found nothing"]),
    ("name: Checkout", "name: ''", ["1:7: the name is empty"]),
    ("name: Checkout", "name: [a]", ["1:7: expected text, found a list"]),
    (
        "name: Checkout",
        "name: 0777",
        [
            "1:7: a number with a leading zero means different things in different programs (put it in quotes if it is a text)"
        ],
    ),
    (
        "name: Checkout",
        "name: x\nid: y",
        ["2:1: a product's id is the name of its file (remove this key)"],
    ),
    ("name: Checkout\n", "", ["1:1: the key 'name' is missing here (Shown to people; may change)"]),
    (
        "name: Checkout",
        "name: x\nname: y",
        ["2:1: the key 'name' is here twice, first in line 1 (keep one of them)"],
    ),
    (
        "name: Checkout",
        "name: x\nmode: atuo",
        ["2:7: expected watch, propose or auto, found the text 'atuo' (did you mean auto?)"],
    ),
    (
        "name: Checkout",
        "name: x\ntime_zone: Berlin",
        ["2:12: there is no time zone 'Berlin' (did you mean Europe/Berlin?)"],
    ),
    (
        "name: Checkout",
        "name: x\nlanguage: xx",
        ["2:11: 'xx' is not a language (write such as en, de or pt_BR)"],
    ),
    (
        "name: Checkout",
        "name: x\nbrakes: {share: 30, at_least: -1}",
        [
            "2:17: share is 30, and a share lies from 0 to 1 (write 0.3 for 30 %)",
            "2:31: expected at least 0, found -1",
        ],
    ),
    (
        "name: Checkout",
        "name: x\nbrakes: 30",
        ["2:9: expected a block of keys, found the number 30"],
    ),
    (
        "name: Checkout",
        "name: x\nbrakes: {at_least: 2.5, share: high}",
        [
            "2:20: expected a whole number, found the number 2.5",
            "2:32: expected a number, found the text 'high'",
        ],
    ),
    (
        "project in (SHOP, WEB)",
        "project = SHOP ORDER BY Rank",
        ["3:8: ORDER BY does not belong into this JQL (remove it; pmsync asks in rank order)"],
    ),
    (
        "project in (SHOP, WEB)",
        "''",
        ["3:8: this JQL is empty, and would mean every issue of the site (write a JQL)"],
    ),
    (
        "project in (SHOP, WEB)",
        "project in (SHOP",
        ["3:8: a parenthesis of this JQL is never closed (add a closing ))"],
    ),
    (
        "project in (SHOP, WEB)",
        "project in SHOP)",
        ["3:8: the parenthesis at character 16 of this JQL closes nothing (remove it)"],
    ),
    (
        "project in (SHOP, WEB)",
        "'summary ~ \"x'",
        ["3:8: the quote at character 11 of this JQL is never closed (close the quote)"],
    ),
    (
        "status = Open",
        "' '",
        ["15:9: this JQL is empty, and would mean every issue of the site (write a JQL)"],
    ),
    (
        "{field: Reach}",
        "{fild: Reach}",
        [
            "5:3: the key 'field' is missing here (The Jira field's name or id)",
            "5:11: unknown key 'fild' (did you mean field?)",
        ],
    ),
    ("{field: Reach}", "Reach", ["5:10: expected a block of keys, found the text 'Reach'"]),
    (
        "{field: Reach}",
        "{field: Reach, as: percent}",
        ["5:25: unknown key 'as' (did you mean unit?)"],
    ),
    (
        "{field: Reach}",
        "{field: Reach, scale: [0]}",
        ["5:32: the list is too short: item 2 is missing"],
    ),
    (
        "{field: Reach}",
        "{field: Reach, scale: [9, 1]}",
        ["5:32: a scale goes from the lowest to the highest value (write such as [0, 10])"],
    ),
    (
        "{field: Reach}",
        "{field: Reach, scale: [0, 1, 2]}",
        ["5:32: expected at most 2 items, found 3"],
    ),
    (
        "{field: Reach}",
        "{field: Reach, scale: 10}",
        ["5:32: expected a list, found the number 10 (write a list: [10])"],
    ),
    (
        "{field: Reach}",
        "{field: 5}",
        ['5:18: expected text, found the number 5 (put it in quotes: "5")'],
    ),
    ("{field: Reach}", "{field: ''}", ["5:18: the field's name is empty"]),
    (
        "values: {High: 3, Low: 1}",
        "values: [High, Low]",
        [
            "6:35: expected a block of keys, found a list (write {option: number}; for options in their order, the key is classes)"
        ],
    ),
    (
        "values: {High: 3, Low: 1}",
        "values: {High: three, Low: 1}",
        ["6:42: expected a number, found the text 'three'"],
    ),
    (
        "values: {High: 3, Low: 1}",
        "values: {High: 3, high: 1}",
        ["6:27: 'High' and 'high' are the same option to pmsync (keep one of them)"],
    ),
    (
        "values: {High: 3, Low: 1}",
        "values: {}",
        [
            "6:27: no option is listed",
            "11:39: weighted needs to know the scale of 'impact' (add scale: [lowest, highest] to the input impact)",
        ],
    ),
    (
        "values: {High: 3, Low: 1}",
        "values: {High: 3, Low: 3}",
        [
            "11:39: weighted needs to know the scale of 'impact' (add scale: [lowest, highest] to the input impact)"
        ],
    ),
    (
        "values: {High: 3, Low: 1}",
        "values: {High: 3, Low: 1}, unit: percent",
        [
            "6:54: values are taken as they stand, so percent has no effect on them (write 0.8 instead of 80, without a unit)"
        ],
    ),
    (
        "values: {High: 3, Low: 1}",
        "values: {High: .inf, Low: 1}",
        ["6:42: .inf is not a number to calculate with (put it in quotes if it is a text)"],
    ),
    (
        "classes: [Must, Could]",
        "classes: [Must, 1]",
        ['9:41: expected text, found the number 1 (put it in quotes: "1")'],
    ),
    (
        "classes: [Must, Could]",
        "classes: [Must, Could], values: {a: 1}",
        ["9:25: values or classes: an input takes only one of them (remove classes)"],
    ),
    (
        "classes: [Must, Could]",
        "classes: Must",
        ["9:34: expected a list, found the text 'Must' (write a list: [Must])"],
    ),
    (
        "classes: [Must, Could]",
        "classes: [Must, must]",
        ["9:25: 'Must' and 'must' are the same option to pmsync (keep one of them)"],
    ),
    (
        "classes: [Must, Could]",
        "classes: [Must, Could], unit: points",
        ["9:49: a class has no unit (remove unit)"],
    ),
    (
        "field: Confidence, unit: percent",
        "field: Confidence, values: {High: 100, Low: 50}",
        ["7:35: RICE takes confidence as a share from 0 to 1 (write 0.8 for 80 %)"],
    ),
    (
        "  effort: {field: Effort}\n",
        "",
        [
            "11:16: rice needs the input 'effort', and there is none (choose from reach, impact, confidence, class)"
        ],
    ),
    (
        "  reach: {field: Reach}",
        "  due: {field: Reach}",
        [
            "5:3: an input cannot be called due: an order step by due means the date (choose another name)",
            "12:16: rice needs the input 'reach', and there is none (choose from due, impact, confidence, effort, class)",
        ],
    ),
    (
        "  reach: {field: Reach}",
        "  re ach: {field: Reach}",
        [
            "5:3: 're ach' is not a name: letters, digits, - and _ only",
            "12:16: rice needs the input 'reach', and there is none (did you mean re ach?)",
        ],
    ),
    ("worth:", "class:", ["11:3: there is an input called class too (rename one of them)"]),
    (
        "method: weighted",
        "method: wieghted",
        ["11:19: expected rice or weighted, found the text 'wieghted' (did you mean weighted?)"],
    ),
    (
        "{method: weighted, weights: {impact: 2, confidence: 1}}",
        "{}",
        ["11:3: the key 'method' is missing here (write rice or weighted)"],
    ),
    (
        "{method: weighted, weights: {impact: 2, confidence: 1}}",
        "rice",
        ["11:10: expected a block of keys, found the text 'rice' (such as worth: {method: rice})"],
    ),
    (
        "{method: weighted, weights: {impact: 2, confidence: 1}}",
        "{method: weighted}",
        [
            "11:3: the key 'weights' is missing here (Inputs and their weights, above 0; only the proportions matter)"
        ],
    ),
    (
        "{method: weighted, weights: {impact: 2, confidence: 1}}",
        "{method: rice, weights: {impact: 2}}",
        ["11:25: unknown key 'weights' (choose from method, reach, impact, confidence, effort)"],
    ),
    (
        "{method: weighted, weights: {impact: 2, confidence: 1}}",
        "{method: rice, effort: cost}",
        [
            "11:25: rice needs the input 'cost', and there is none (choose from reach, impact, confidence, effort, class)"
        ],
    ),
    (
        "{impact: 2, confidence: 1}",
        "{impact: 0, confidence: 1}",
        [
            "11:47: the weight is 0, and must be above 0 (leave it out, or list it under lower_is_better)"
        ],
    ),
    (
        "{impact: 2, confidence: 1}",
        "{impct: 2}",
        ["11:39: weighted needs the input 'impct', and there is none (did you mean impact?)"],
    ),
    (
        "{impact: 2, confidence: 1}",
        "{reach: 2}",
        [
            "11:39: weighted needs to know the scale of 'reach' (add scale: [lowest, highest] to the input reach)"
        ],
    ),
    (
        "{impact: 2, confidence: 1}",
        "{class: 2}",
        [
            "11:39: 'class' is a class, and weighted calculates with numbers (give its field values: {option: number})"
        ],
    ),
    ("{impact: 2, confidence: 1}", "{}", ["11:29: no input has a weight"]),
    (
        "{impact: 2, confidence: 1}",
        "{impact: 2}, lower_is_better: [effort]",
        ["11:69: 'effort' has no weight here (choose from impact)"],
    ),
    (
        "{impact: 2, confidence: 1}",
        "{impact: 2}, scales: {impact: [0, 1]}",
        ["11:51: unknown key 'scales' (give each input its own scale: [low, high])"],
    ),
    (
        "{impact: 2, confidence: 1}",
        "{impact: 2}, missing: skip",
        [
            "11:60: expected unscored or reweight, found the text 'skip' (choose from unscored, reweight)"
        ],
    ),
    (
        "[class, rice highest first]",
        "[class, rise highest first]",
        ["12:16: the order names 'rise', which is no score, input or date (did you mean rice?)"],
    ),
    (
        "[class, rice highest first]",
        "[class highest first]",
        ["12:9: highest first does not fit 'class': a class has its own order (write class alone)"],
    ),
    (
        "[class, rice highest first]",
        "[rice]",
        [
            "12:9: the order does not say which rice comes first (write rice highest first or lowest first)"
        ],
    ),
    (
        "[class, rice highest first]",
        "[rice earliest first]",
        ["12:9: earliest first does not fit 'rice' (write rice highest first or lowest first)"],
    ),
    (
        "[class, rice highest first]",
        "[due highest first]",
        ["12:9: highest first does not fit 'due' (write due earliest first or latest first)"],
    ),
    (
        "[class, rice highest first]",
        "[rice highst first]",
        [
            "12:9: after 'rice' expected highest first, lowest first, earliest first or latest first, found 'highst first' (did you mean highest first?)"
        ],
    ),
    (
        "[class, rice highest first]",
        "[5]",
        ["12:9: expected a text such as 'rice highest first', found the number 5"],
    ),
    (
        "[class, rice highest first]",
        "[{by: rice}]",
        ["12:9: expected a text such as 'rice highest first', found a block of keys"],
    ),
    (
        "[class, rice highest first]",
        "class",
        ["12:8: expected a list, found the text 'class' (write a list: [class])"],
    ),
    (
        "[class, rice highest first]",
        "[class, class]",
        ["12:16: the order has 'class' twice (keep the first)"],
    ),
    (
        "[class, rice highest first]",
        "[]",
        ["12:1: rank needs an order to rank by (add such as order: [rice highest first])"],
    ),
    (
        "[class, rice highest first]",
        "[weighted highest first]",
        ["12:9: the score weighted needs weights (declare weighted under scores:)"],
    ),
    (
        "order: [class, rice highest first]\n",
        "",
        ["12:1: rank needs an order to rank by (add such as order: [rice highest first])"],
    ),
    (
        "level: Epic",
        "level: true",
        ['14:10: expected text or a whole number, found true (put it in quotes: "true")'],
    ),
    ("level: Epic", "level: [Epic]", ["14:10: expected text or a whole number, found a list"]),
    (
        "level: Epic",
        "level: Epic\n  never_move: [in_progres]",
        ["15:16: 'in_progres' is neither a known word nor JQL (did you mean in_progress?)"],
    ),
    (
        "level: Epic",
        "level: Epic\n  never_move: ['labels = x ORDER BY key', '']",
        [
            "15:16: ORDER BY does not belong into this JQL (remove it; pmsync asks in rank order)",
            "15:43: this JQL is empty, and would mean every issue of the site (write a JQL)",
        ],
    ),
    (
        "level: Epic",
        "level: Epic\n  never_move: in_progress",
        ["15:15: expected a list, found the text 'in_progress' (write a list: [in_progress])"],
    ),
    (
        "level: Epic",
        "level: Epic\n  least_scored: 60",
        ["15:17: least_scored is 60, and a share lies from 0 to 1 (write 0.3 for 30 %)"],
    ),
    (
        "space: PROD",
        "space: my space",
        ["17:10: 'my space' is not a space key (its address holds the key, as in /spaces/PROD/)"],
    ),
    (
        "under: 123456",
        "under: Roadmaps",
        [
            "18:10: 'Roadmaps' is not a page id (open the parent page; its address holds the number, as in /pages/123456/)"
        ],
    ),
    (
        "under: 123456",
        "under: 12.5",
        ['18:10: expected text, found the number 12.5 (put it in quotes: "12.5")'],
    ),
    (
        "  readers: {projects: [SHOP]}\n",
        "",
        ["16:1: the key 'readers' is missing here (Who reads there)"],
    ),
    (
        "projects: [SHOP]",
        "projects: []",
        [
            "19:13: without a project that the readers may see, no issue can be shown (list the project keys: [SHOP])"
        ],
    ),
    ("projects: [SHOP]", "projects: [shop]", ["19:24: 'shop' is not a project key (write SHOP)"]),
    (
        "projects: [SHOP]",
        "projects: SHOP",
        ["19:23: expected a list, found the text 'SHOP' (write a list: [SHOP])"],
    ),
    (
        "projects: [SHOP]",
        "projects: [NO, 12]",
        ['19:28: expected text, found the number 12 (put it in quotes: "12")'],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "roadmp",
        ["20:11: unknown kind of page 'roadmp' (did you mean roadmap?)"],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "backlog, {backlog: {top: 20}}",
        ["20:21: the page backlog is here twice, first in line 20 (keep one of them)"],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "{backlog: {tpo: 20}}",
        ["20:22: unknown key 'tpo' (did you mean top?)"],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "{backlog: 20}",
        ["20:21: expected a block of keys, found the number 20"],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "{backlog: {top: 0}}",
        ["20:27: expected at least 1, found 0"],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "{backlog: {top: 2.0}}",
        ["20:27: expected a whole number, found the number 2.0"],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "{roadmap: {now: 'status = (Open'}}",
        ["20:27: a parenthesis of this JQL is never closed (add a closing ))"],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "{kind: backlog, top: 5}",
        [
            "20:11: expected the kind of one page, found a block of keys (write a kind such as roadmap, or {backlog: {top: 50}})"
        ],
    ),
    (
        "roadmap, {backlog: {top: 20}}",
        "7",
        [
            "20:11: expected the kind of one page, found the number 7 (write a kind such as roadmap, or {backlog: {top: 50}})"
        ],
    ),
    (
        "[roadmap, {backlog: {top: 20}}]",
        "roadmap",
        ["20:10: expected a list, found the text 'roadmap' (write a list: [roadmap])"],
    ),
    ("roadmap, {backlog: {top: 20}}", "{backlog: {kind: roadmap}}", ["20:22: unknown key 'kind'"]),
    (
        "since: 2026-11-01",
        "since: 2026-13-01",
        ["22:29: expected a date such as 2026-11-01, found the text '2026-13-01'"],
    ),
    (
        "since: 2026-11-01",
        "since: soon",
        ["22:29: expected a date such as 2026-11-01, found the text 'soon'"],
    ),
    (
        "since: 2026-11-01",
        "since: 2026",
        ["22:29: expected a date such as 2026-11-01, found the number 2026"],
    ),
    ("for: customers", "audience: customers", ["22:6: unknown key 'audience' (did you mean for?)"]),
    (
        "{for: customers, since: 2026-11-01}",
        "{for: a, since: 2026-11-01}\n  - {for: a, since: 2026-11-01}",
        ["23:11: release notes for a is here twice, first in line 22 (keep one of them)"],
    ),
    (
        "since: 2026-11-01}",
        "since: 2026-11-01, space: HELP}",
        [
            (
                "22:5: a space of its own has readers of its own (add readers: {projects: [KEY]}, what"
                " everybody who can read that space may see)"
            ),
            "22:41: a space of its own needs a parent page in that space (add under: with the page's id)",
        ],
    ),
    (
        "since: 2026-11-01}",
        "since: 2026-11-01, upcoming: yes}",
        ["22:51: expected true or false, found the text 'yes' (write true)"],
    ),
    (
        "{for: customers, since: 2026-11-01}",
        "customers",
        ["22:5: expected a block of keys, found the text 'customers'"],
    ),
    ("for: customers", "for: ''", ["22:11: the audience is empty (write such as for: customers)"]),
    (
        "since: 2026-11-01}",
        "since: 2026-11-01, publish: after_tick}",
        [
            "22:41: unknown key 'publish' (choose from for, since, space, under, readers, text, only, upcoming, links)"
        ],
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "expected"), CASES, ids=[f"{old} -> {new}" for old, new, _ in CASES]
)
def test_a_wrong_product_says_where_and_what_to_do(
    spoiled: Spoil, old: str, new: str, expected: list[str]
) -> None:
    """Each fault has one message with line, column and cure, and nothing else is blamed."""
    assert [fault.removeprefix("checkout.yaml:") for fault in spoiled(old, new)] == expected
