"""Which elements storage format has, and what may stand in what."""

INLINE = frozenset({
    "a", "abbr", "b", "big", "br", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "q", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "ac:emoticon", "ac:inline-comment-marker", "ac:link", "ac:placeholder",
})  # fmt: skip
BLOCK = frozenset({
    "address", "blockquote", "center", "col", "colgroup", "dd", "div", "dl", "dt", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul", "ac:layout", "ac:layout-cell", "ac:layout-section", "ac:task", "ac:task-list",
    "ac:adf-extension",
})  # fmt: skip
PARTS = frozenset({
    "ac:structured-macro", "ac:parameter", "ac:rich-text-body", "ac:plain-text-body", "ac:image",
    "ac:caption", "ac:link-body", "ac:plain-text-link-body", "ac:task-body", "ac:task-id",
    "ac:task-status", "ac:task-uuid", "ac:adf-node", "ac:adf-attribute", "ac:adf-content",
    "ac:adf-fallback", "ac:adf-mark", "ri:attachment", "ri:blog-post", "ri:content-entity",
    "ri:page", "ri:shortcut", "ri:space", "ri:url", "ri:user",
})  # fmt: skip
KNOWN = INLINE | BLOCK | PARTS

# An element whose children are of a few kinds only, and hold no text of its own.
CHILDREN: dict[str, frozenset[str]] = {
    "table": frozenset({"colgroup", "thead", "tbody", "tfoot", "tr"}),
    "colgroup": frozenset({"col"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"tr"})),
    "tr": frozenset({"td", "th"}),
    **dict.fromkeys(("ul", "ol"), frozenset({"li"})),
    "ac:layout": frozenset({"ac:layout-section"}),
    "ac:layout-section": frozenset({"ac:layout-cell"}),
    "ac:task-list": frozenset({"ac:task"}),
    "ac:task": frozenset({
        "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:task-body", "ac:task-list",
    }),
    "ac:structured-macro": frozenset({
        "ac:parameter", "ac:rich-text-body", "ac:plain-text-body",
    }),
    "ac:adf-extension": frozenset({"ac:adf-node", "ac:adf-fallback"}),
    "ac:adf-node": frozenset({"ac:adf-attribute", "ac:adf-content", "ac:adf-node", "ac:adf-mark"}),
}  # fmt: skip

# An element that only makes sense in these.
PARENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("td", "th"), frozenset({"tr"})),
    "tr": frozenset({"table", "thead", "tbody", "tfoot"}),
    "li": frozenset({"ul", "ol"}),
    "ac:task": frozenset({"ac:task-list"}),
    "ac:layout-section": frozenset({"ac:layout"}),
    "ac:layout-cell": frozenset({"ac:layout-section"}),
    **dict.fromkeys(
        ("ac:parameter", "ac:rich-text-body", "ac:plain-text-body"),
        frozenset({"ac:structured-macro"}),
    ),
}

# Text and inline elements alone.
PHRASING_ONLY = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})

# Loose text in these becomes a paragraph when Cloud saves it.
FLOW = frozenset({
    "storage", "td", "th", "li", "blockquote", "ac:rich-text-body", "ac:layout-cell",
})  # fmt: skip
LAYOUTS = frozenset({
    "single", "two_equal", "two_left_sidebar", "two_right_sidebar", "three_equal",
    "three_with_sidebars", "fixed-width",
})  # fmt: skip
