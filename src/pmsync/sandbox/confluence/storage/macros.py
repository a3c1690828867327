"""The macros that the sandbox's site has installed, and what each of them takes."""

from dataclasses import dataclass
from typing import Literal

Body = Literal["none", "rich", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroKind:
    """One installed macro.

    Attributes:
        version: Its schema version, written into macros that name none.
        body: What may stand in it: nothing, storage format, or literal text.
        inline: True if it stands in a line of text.
    """

    version: int = 1
    body: Body = "none"
    inline: bool = False


_RICH = MacroKind(body="rich")
_PLAIN = MacroKind(body="plain")
_BLOCK = MacroKind()
_INLINE = MacroKind(inline=True)

# Of Confluence Cloud itself; apps are not installed, and html, iframe and widget never were.
MACROS: dict[str, MacroKind] = {
    **dict.fromkeys(("info", "note", "tip", "warning", "panel", "expand"), _RICH),
    **dict.fromkeys(("details", "excerpt", "section", "column"), _RICH),
    **dict.fromkeys(("code", "noformat"), _PLAIN),
    **dict.fromkeys(("status", "anchor"), _INLINE),
    **dict.fromkeys(("toc", "jira", "include", "excerpt-include", "attachments"), _BLOCK),
    **dict.fromkeys(("gallery", "livesearch", "pagetree", "profile", "recently-updated"), _BLOCK),
    **dict.fromkeys(("tasks-report-macro", "view-file", "change-history", "chart"), _BLOCK),
    "children": MacroKind(version=2),
    "detailssummary": MacroKind(version=3),
    "contentbylabel": MacroKind(version=4),
}
