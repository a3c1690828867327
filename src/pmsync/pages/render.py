"""From a product's snapshot to the pages it should have."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import assert_never

from pmsync.core.backlog import Backlog
from pmsync.core.errors import TemplateError
from pmsync.core.model import Snapshot
from pmsync.core.rules import (
    AnyPage,
    BacklogPage,
    PageRules,
    Product,
    RoadmapPage,
)
from pmsync.pages.engine import Engine
from pmsync.pages.filters import locale_of
from pmsync.pages.fingerprint import as_json, digest, fingerprint
from pmsync.pages.mentions import mentioned
from pmsync.pages.storage import BodyError, check
from pmsync.pages.text import presentable_view
from pmsync.pages.views.backlog import BacklogView, backlog_view
from pmsync.pages.views.common import Source
from pmsync.pages.views.notes import NotesView, notes_gaps, notes_view, told_versions
from pmsync.pages.views.roadmap import RoadmapView, roadmap_view

View = BacklogView | RoadmapView | NotesView
_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as it should be.

    Attributes:
        page: Which page of the product: ``backlog``, ``roadmap``, ``notes/customers/10042``.
        kind: Page kind; its template is ``<kind>.html.j2``.
        body: Storage format, checked.
        fingerprint: sha256 of all that the body was made from; never depends on time.
        space, under: Space key, and id of the parent page.
        states_order: Whether it states the rules' order as fact, so that it is true only once
            the rank moves of the same plan are made.
        message: For the page's version history.
        notes: What a person should complete; not on the page.
        mentions: Ids of the issues that the page speaks of, in a fixed order.
        order: Ids of the ranked issues, in the order that the page states as fact; empty if it
            states none.
    """

    page: str
    kind: str
    title: str
    body: str
    fingerprint: str
    space: str
    under: str
    labels: tuple[str, ...] = ()
    states_order: bool = False
    message: str = ""
    notes: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A page to be made: where it goes and how its view is built."""

    page: str
    space: str
    under: str
    build: Callable[[], View]
    states_order: bool = False
    notes: tuple[str, ...] = ()


def render_pages(
    product: Product,
    snapshot: Snapshot,
    backlog: Backlog | None,
    *,
    templates: Sequence[Path],
    owned: Collection[str] = (),
) -> tuple[Rendered, ...]:
    """Return all pages that *product* should have, in a fixed order.

    Same arguments, same bytes: no clock is read, and nothing on a page depends on the day.

    Args:
        product: Its rules.
        snapshot: What was pulled.
        backlog: Its desired order is stated as fact, so give it as it will be when the pages
            are sent. None when nothing is ranked: there is no backlog page then, and the roadmap
            takes Jira's own order.
        templates: Template directories, the user's before the built-in one.
        owned: Pages there are already: notes of a version stay wanted when nothing is left to
            tell, so that nothing stays published that readers may no longer see.

    Raises:
        TemplateError: One or more pages cannot be made; names each of them with its place.
    """
    if product.pages is None:
        return ()
    locale = locale_of(product.language)
    engine = Engine(templates, locale)
    source = Source(
        product=product,
        snapshot=snapshot,
        backlog=backlog,
        mark=rules_mark(product),
        locale=locale,
    )
    rendered: list[Rendered] = []
    failed: list[TemplateError] = []
    for wanted in _wanted(source, product.pages, owned):
        try:
            rendered.append(_render(engine, source, product.pages, wanted))
        except TemplateError as error:
            failed.append(error)
    if failed:
        raise _all_of(failed)
    return tuple(rendered)


def rules_mark(product: Product) -> str:
    """Return the first 8 characters of the hash of all rules that shape the order."""
    shaping = (product.inputs, product.scores, product.order, product.rank)
    return digest([as_json(part) for part in shaping])[:8]


def _wanted(source: Source, pages: PageRules, owned: Collection[str]) -> Iterator[_Wanted]:
    for page in pages.kinds:
        if source.backlog is None and isinstance(page, BacklogPage):
            continue
        yield _Wanted(
            page=page.kind,
            space=pages.space,
            under=pages.under,
            build=partial(_view, source, page),
            states_order=source.backlog is not None,
        )
    for notes in source.product.release_notes:
        prefix = f"notes/{notes.audience}/"
        told = {page.removeprefix(prefix) for page in owned if page.startswith(prefix)}
        for version in told_versions(source, notes, told):
            yield _Wanted(
                page=f"notes/{notes.audience}/{version.id}",
                space=notes.space or pages.space,
                under=notes.under or pages.under,
                build=partial(notes_view, source, notes, version),
                notes=notes_gaps(source, notes, version),
            )


def _view(source: Source, page: AnyPage) -> View:
    match page:
        case BacklogPage():
            return backlog_view(source, page)
        case RoadmapPage():
            return roadmap_view(source, page)
        case _:
            assert_never(page)


def _render(engine: Engine, source: Source, pages: PageRules, wanted: _Wanted) -> Rendered:
    view = wanted.build()
    template = f"{view.kind}.html.j2"
    sources = engine.sources(template)
    body = engine.render(template, presentable_view(view), page=wanted.page)
    _checked(engine, template, wanted.page, body)
    options = {"language": source.product.language, "labels": list(pages.labels)}
    return Rendered(
        page=wanted.page,
        kind=view.kind,
        title=view.title,
        body=body,
        fingerprint=fingerprint(view, sources, options),
        space=wanted.space,
        under=wanted.under,
        labels=pages.labels,
        states_order=wanted.states_order,
        message=f"{view.title} as Jira has it",
        notes=wanted.notes,
        mentions=mentioned(source, view),
        order=tuple(source.ordered()) if wanted.states_order else (),
    )


def _checked(engine: Engine, template: str, page: str, body: str) -> None:
    """Raise unless the body is well-formed and holds only what pages may hold."""
    try:
        faults = check(body)
    except BodyError as error:
        what = f"page {page}: {error.what}"
        raise TemplateError(what, where=engine.path(template), cure=error.cure) from error
    if faults:
        more = f" (and {len(faults) - _TOLD} more)" if len(faults) > _TOLD else ""
        what = f"page {page} must not be sent: {'; '.join(faults[:_TOLD])}{more}"
        raise TemplateError(
            what,
            where=engine.path(template),
            cure="take this out of the template; the lines are those of the page it makes",
        )


def _all_of(errors: Sequence[TemplateError]) -> TemplateError:
    if len(errors) == 1:
        return errors[0]
    lines = "\n".join(f"{error.where}: {error.what} ({error.cure})" for error in errors)
    return TemplateError(
        f"{len(errors)} pages cannot be made:\n{lines}", cure="mend each; nothing was sent"
    )
