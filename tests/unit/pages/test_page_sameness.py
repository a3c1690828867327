"""Templates make the same of the same, of bearable length; else they are told where and why not."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale
from jinja2 import Environment

from pmsync.core.errors import TemplateError
from pmsync.pages.engine import Engine
from pmsync.pages.plain_filters import NOT_IN_TEMPLATES, plain_filters

JINJA = Environment(autoescape=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    rows: tuple[_Row, ...] = (_Row(name="b&c", points=3), _Row(name="a", points=5))
    names: tuple[str, ...] = ("b&c", "a")
    day: date = date(2026, 11, 20)
    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 20, 7, 30, tzinfo=UTC))
    text: str = "one two three"


def _render(folder: Path, text: str) -> str:
    (folder / "page.j2").write_text(text, encoding="utf-8")
    return Engine([folder], Locale("en")).render("page.j2", _View(), page="backlog")


def _error(folder: Path, text: str) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        _render(folder, text)
    return caught.value


@pytest.mark.parametrize("name", sorted(NOT_IN_TEMPLATES))
def test_what_is_left_out_is_told_with_place_and_what_to_use_instead(
    tmp_path: Path, name: str
) -> None:
    """A filter or function of Jinja that an author may know: not here, and why."""
    wanted = f"{{{{ page.names | {name} }}}}" if name in JINJA.filters else f"{{{{ {name}(1) }}}}"
    error = _error(tmp_path, f"<p>\n{wanted}</p>")
    assert error.where == f"{tmp_path / 'page.j2'}:2"
    assert name in error.what
    assert NOT_IN_TEMPLATES[name] in error.cure


def test_every_filter_and_function_of_jinja_is_in_or_out() -> None:
    """One that a later Jinja brings is out until somebody has looked at it."""
    decided = {*plain_filters(), *NOT_IN_TEMPLATES, "dict", "namespace", "range"}
    assert {*JINJA.filters, *JINJA.globals} <= decided
    assert not {*plain_filters()} & {*NOT_IN_TEMPLATES}


@pytest.mark.parametrize(
    "text",
    [
        "{{ page.names | map('random') | list | join }}",
        "{% if page.names %}\n{% endif %}{{ page.names | random if page.text else '' }}",
    ],
)
def test_a_filter_that_is_left_out_cannot_be_reached_by_its_name(tmp_path: Path, text: str) -> None:
    """Nor later, while the page is made."""
    error = _error(tmp_path, text)
    assert "random" in error.what
    assert "the same on every run" in error.cure


def test_a_misspelt_filter_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A slip of the pen, not something left out."""
    assert _error(tmp_path, "{{ 1 | numbr }}").cure == "did you mean 'number'?"


@pytest.mark.parametrize(
    "value",
    [
        "page.names | map('upper')",
        "page.rows | selectattr('points')",
        "page.text.upper",
        "page.names",
        "page.rows[0]",
        "{'a': 1}",
        "[1, 2]",
        "range",
        "range(3)",
        "namespace()",
        "page",
    ],
)
@pytest.mark.parametrize(
    "way", ["{{ (%s) }}", "{{ 'a' ~ (%s) }}", "{{ (%s) | string }}", "{{ [(%s)] | join }}"]
)
def test_only_text_numbers_and_dates_become_text(tmp_path: Path, way: str, value: str) -> None:
    """An object would show its address in memory: another page version at every run."""
    error = _error(tmp_path, "\n" + way.replace("%s", value))
    assert error.where == f"{tmp_path / 'page.j2'}:2"
    assert "cannot be written into text" in error.what
    assert "join" in error.cure


@pytest.mark.parametrize(
    "expression",
    [
        "page.day.today()",
        "page.moment.now()",
        "page.moment.utcnow()",
        "page.moment.astimezone()",
        "page.moment.timestamp()",
        "page.day.fromtimestamp(0)",
    ],
)
def test_a_template_knows_no_clock(tmp_path: Path, expression: str) -> None:
    """Dates are in the view model; a clock would change the page from run to run."""
    error = _error(tmp_path, "{{ " + expression + " }}")
    assert "is not available in templates" in error.what
    assert error.cure


GROWING = [
    "'a' | center(99999999)",
    "'a'.center(99999999)",
    "'a'.ljust(99999999)",
    "'a'.rjust(99999999)",
    "'a'.zfill(99999999)",
    "'\t'.expandtabs(99999999)",
    "('a' | safe).ljust(99999999)",
    "'a'.encode().center(99999999)",
    "'a'.replace('a', 'b' * 99999)",
    "'a'.join(['b', 'c'])",
    "'a'.translate({97: 'b' * 99999})",
    "(1).to_bytes(99999999, 'big')",
    "'a' * 99999999",
    "['a'] * 99999999",
    "('a' * 99999) * 99999",
    "'a\na' | indent(99999999)",
    "'a\na' | indent('b' * 99999)",
    "'a b' | wordwrap(1, true, 'c' * 99999)",
    "'a b' | wordwrap(1, wrapstring='c' * 99999)",
    "('a' * 99999) | replace('a', 'b' * 99999)",
    "(['a' * 99999] * 99999) | join",
    "(['a'] * 99999) | join('b' * 99999)",
    "[1] | batch(99999999, 0) | first | length",
    "[1] | slice(99999999, 0) | list | length",
    "1 | round(99999999, 'ceil')",
    "[[1], [2]] | sum(start=[])",
    "2 ** 99999999",
    "'%99999999d' % 1",
    "range(99999999) | list | length",
]


@pytest.mark.parametrize("expression", GROWING)
def test_no_short_expression_fills_the_memory(tmp_path: Path, expression: str) -> None:
    """Each is told with its line and what to do; none is tried first."""
    error = _error(tmp_path, "<p>\n\n{{ " + expression + " }}</p>")
    assert error.where.startswith(f"{tmp_path / 'page.j2'}:")
    assert int(error.where.rpartition(":")[2]) >= 3
    assert error.cure


DOUBLING = {
    "tilde": "{% set n.x = n.x ~ n.x %}",
    "plus": "{% set n.x = n.x + n.x %}",
    "join": "{% set n.x = [n.x, n.x] | join %}",
    "replace": "{% set n.x = n.x | replace('a', 'aa') %}",
    "block": "{% set y %}{{ n.x }}{{ n.x }}{% endset %}{% set n.x = y %}",
    "list": "{% set n.y = n.y + n.y %}",
    "number": "{% set n.z = n.z * n.z %}",
}


@pytest.mark.parametrize("step", DOUBLING.values(), ids=DOUBLING.keys())
def test_what_doubles_in_a_loop_is_stopped(tmp_path: Path, step: str) -> None:
    """Forty doublings of one letter would be a terabyte."""
    start = "{% set n = namespace(x='a', y=[1], z=3) %}"
    error = _error(tmp_path, start + "{% for i in range(40) %}\n" + step + "{% endfor %}")
    assert re.search(r"more than|not available", error.what)
    assert error.where == f"{tmp_path / 'page.j2'}:2"


def test_a_macro_s_answer_has_the_length_of_a_page_at_most(tmp_path: Path) -> None:
    """It is kept whole before it goes out, so that the page's limit would come too late."""
    inner = "{% macro m() %}{% for i in range(99) %}{{ 'a' * 99999 }}{% endfor %}{% endmacro %}"
    assert "more than 4,000,000" in _error(tmp_path, inner + "{{ m() | length }}").what


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("page.names | join(', ')", "b&amp;c, a"),
        ("page.rows | join('|', attribute='name')", "b&amp;c|a"),
        ("page.rows | sum(attribute='points')", "8"),
        ("page.rows | map(attribute='points') | sum", "8"),
        ("page.rows | sort(attribute='points') | map(attribute='name') | first", "b&amp;c"),
        ("page.names | map('upper') | join(' ')", "B&amp;C A"),
        ("page.text | replace('one', '<1>')", "&lt;1&gt; two three"),
        ("page.text | replace('t', 'T', 1)", "one Two three"),
        ("page.text | truncate(7, true)", "one ..."),
        ("page.text | wordwrap(3)", "one\ntwo\nthr\nee"),
        ("page.text | wordwrap(5, true, '/')", "one/two/three"),
        ("page.text | title", "One Two Three"),
        ("page.text.split(' ')[1].upper()", "TWO"),
        ("page.text.startswith('one')", "True"),
        ("'a\nb' | indent(2)", "a\n  b"),
        ("[1, 2, 3] | batch(2, 0) | map('join') | join('/')", "12/30"),
        ("[1, 2, 3] | slice(2) | map('join') | join('/')", "12/3"),
        ("2.345 | round(1)", "2.3"),
        ("page.day", "2026-11-20"),
        ("page.day.year ~ '-' ~ page.day.strftime('%m')", "2026-11"),
        ("page.moment.isoformat()", "2026-11-20T07:30:00+00:00"),
        ("'<b>' ~ ('<i>' | safe)", "&lt;b&gt;<i>"),
        ("'x' ~ none ~ 1", "x1"),
        ("(page.names + page.names) | length", "4"),
        ("page.missing | default('none yet')", "none yet"),
        ("{'a': 1}.items() | map('first') | join", "a"),
        ("range(3) | join", "012"),
    ],
)
def test_what_layout_needs_works(tmp_path: Path, expression: str, expected: str) -> None:
    """The walls leave room for everything that a page is made of."""
    assert _render(tmp_path, "{{ " + expression + " }}") == expected
