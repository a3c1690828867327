"""Templates to text: Jinja in a sandbox, strict about names, escaping always on."""

import difflib
import re
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jinja2
from babel import Locale
from jinja2 import meta
from typing_extensions import override

from pmsync.core.errors import TemplateError
from pmsync.pages.bounds import LONGEST_TEXT, NotInTemplatesError
from pmsync.pages.filters import filters
from pmsync.pages.plain_filters import NOT_IN_TEMPLATES
from pmsync.pages.sandbox import PageEnvironment

LARGEST_BODY = LONGEST_TEXT
_NAMELESS = re.compile(r"No filter named '(\w+)'|'(\w+)' is undefined")


class Engine:
    """The templates of a product, in its language.

    Args:
        templates: Directories, the first that has a file wins: the user's, then the built-in one.
        locale: For numbers, dates and plurals.
    """

    def __init__(self, templates: Sequence[Path], locale: Locale) -> None:
        self._directories = tuple(templates)
        self._environment = PageEnvironment(
            loader=_FencedLoader([str(directory) for directory in templates]),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(filters(locale))

    def render(self, name: str, view: object, *, page: str) -> str:
        """Return what the template *name* makes of *view*, which it knows as ``page``.

        *page* says in error messages which page it is.

        Raises:
            TemplateError: The template is missing or wrong, with its file and line; or what it
                makes is longer than 4,000,000 characters.
        """
        try:
            template = self._environment.get_template(name)
            return "".join(self._limited(template.generate(page=view), name, page)).strip()
        except TemplateError:
            raise
        except Exception as error:
            raise self._told(error, name, page, view) from error

    def sources(self, name: str) -> dict[str, str]:
        """Return ``{template: text}`` of *name* and of all that it may load.

        A template that computes what it includes depends on every template there is.

        Raises:
            TemplateError: One of them is missing or cannot be parsed.
        """
        found: dict[str, str] = {}
        waiting = [name]
        while waiting:
            template = waiting.pop()
            if template in found:
                continue
            text, referenced = self._source(template, name)
            found[template] = text
            waiting += referenced
        return found

    def _source(self, template: str, page: str) -> tuple[str, list[str]]:
        environment = self._environment
        try:
            assert environment.loader is not None  # noqa: S101 - set above; for the type checker
            text = environment.loader.get_source(environment, template)[0]
            names = list(meta.find_referenced_templates(environment.parse(text, filename=template)))
        except jinja2.TemplateError as error:
            raise self._told(error, template, page, None) from error
        if None in names:
            names += environment.list_templates()
        return text, [referenced for referenced in names if referenced is not None]

    def _limited(self, pieces: Iterator[str], name: str, page: str) -> Iterator[str]:
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > LARGEST_BODY:
                what = f"page {page} would be longer than {LARGEST_BODY:,} characters"
                raise TemplateError(
                    what,
                    where=self.path(name),
                    cure="list fewer issues (top, next, later), or shorten the template",
                )
            yield piece

    def _told(self, error: Exception, name: str, page: str, view: object) -> TemplateError:
        """Return *error* as one that names the template's file and line, and a cure."""
        file, line = self._place(error, name)
        where = f"{file}:{line}" if line else file
        what = f"page {page}: {_words(error)}"
        return TemplateError(what, where=where, cure=self._left_out(error) or _cure(error, view))

    def _left_out(self, error: Exception) -> str:
        """Return the cure where a filter or function is asked for that there is not; else ''."""
        asked = _NAMELESS.match(str(error)) if isinstance(error, jinja2.TemplateError) else None
        if asked is None:
            return ""
        name = asked[1] or asked[2]
        if name in NOT_IN_TEMPLATES:
            return f"templates have no {name}: {NOT_IN_TEMPLATES[name]}"
        close = difflib.get_close_matches(name, self._environment.filters, n=1) if asked[1] else []
        return f"did you mean {close[0]!r}?" if close else ""

    def _place(self, error: Exception, name: str) -> tuple[str, int]:
        if isinstance(error, jinja2.TemplateSyntaxError):
            return error.filename or self.path(error.name or name), error.lineno
        roots = tuple(str(directory) for directory in self._directories)
        frames = [
            (frame.filename, frame.lineno or 0)
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(roots)
        ]
        return frames[-1] if frames else (self.path(name), 0)

    def path(self, name: str) -> str:
        """Return the file that *name* is loaded from; the name itself where there is none."""
        found = (directory / name for directory in self._directories)
        return str(next((path for path in found if path.is_file()), name))


class _FencedLoader(jinja2.FileSystemLoader):
    """Loads files of its directories only, wherever their links may point."""

    @override
    def get_source(self, environment: jinja2.Environment, template: str) -> Any:
        text, file, fresh = super().get_source(environment, template)
        real = Path(file).resolve()
        if not any(real.is_relative_to(Path(root).resolve()) for root in self.searchpath):
            raise jinja2.TemplateNotFound(template, f"{file} is a link out of its directory")
        return text, file, fresh


def _words(error: Exception) -> str:
    match error:
        case jinja2.TemplateNotFound():
            message = error.message or ""
            return message if "link out" in message else f"there is no template {error.name}"
        case RecursionError():
            return "the template calls itself without end"
        case MemoryError():
            return "the template needs more memory than there is"
        case jinja2.TemplateError():
            return error.message or type(error).__name__
        case _:
            return f"{type(error).__name__}: {error}"


def _cure(error: Exception, view: object) -> str:
    match error:
        case NotInTemplatesError():
            return error.cure
        case jinja2.UndefinedError():
            return _suggestion(error.message or "", view)
        case jinja2.TemplateNotFound():
            return "put the file into the template directory, or mend the name"
        case jinja2.TemplateSyntaxError():
            return "mend the template's syntax"
        case RecursionError():
            return "end the recursion of the macro or include"
        case _:
            return "mend the expression: it does not fit the value it is given"


def _suggestion(message: str, view: object) -> str:
    names = sorted({name for name in _names(view) if not name.startswith("_")})
    missing = message.rsplit("'", 2)[-2] if message.count("'") >= 2 else ""  # noqa: PLR2004 - a pair of quotes
    close = difflib.get_close_matches(missing, names, n=1)
    return f"did you mean {close[0]!r}?" if close else "use a name that the page's view model has"


def _names(view: object) -> Iterator[str]:
    """Yield the names of *view*'s fields and of those of the values inside it."""
    if isinstance(view, tuple):
        for item in view[:1]:
            yield from _names(item)
    elif hasattr(view, "__dataclass_fields__"):
        for name in view.__dataclass_fields__:
            yield name
            yield from _names(getattr(view, name))
