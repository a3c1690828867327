"""What each key means, in the words of those who write the files.

The docstrings of the rules speak to programmers; where that is too far from the file, the words
stand here.
"""

from collections.abc import Mapping

from pmsync.config.describe import attribute_docs
from pmsync.config.variants import WRITTEN

_WORDS: Mapping[tuple[str, str], str] = {
    ("Product", "mode"): (
        "`watch` writes nothing anywhere; `propose` publishes pages, and writes the order only "
        "from an approved plan; `auto` applies within the brakes once a first plan was approved."
    ),
    (
        "Product",
        "inputs",
    ): "The numbers and classes read from Jira's fields, by a name of one's own.",
    ("Product", "scores"): (
        "The scores by a name of one's own. A method that needs no settings, such as `rice`, may "
        "be named in `order` without standing here."
    ),
    ("Product", "order"): (
        "Sort steps, most important first; then issues stay as today. A step is a class alone, a "
        "score or number with `highest first` or `lowest first`, or `due`, `created` or `updated` "
        "with `earliest first` or `latest first`."
    ),
    ("Product", "rank"): "What is ranked; left out, nothing is.",
    ("Product", "pages"): "Which pages are published, and where; left out, none are.",
    ("Product", "release_notes"): "A page for each released version, for each audience.",
    ("Product", "brakes"): "Limits above which a plan waits for a person.",
    ("Product", "time_zone"): (
        "IANA name; dates on pages and relative dates mean this zone. Left out, the operator's."
    ),
    ("Product", "language"): "Locale of dates and numbers on pages.",
    ("InputRule", "scale"): (
        "Lowest and highest value allowed, both included, in the unit of the field. `percent` has "
        "0 to 100 if nothing else is said. Weighted scores need it."
    ),
    ("RankRules", "only"): "JQL that narrows the scope to what is ranked; left out, all of it.",
    ("RankRules", "never_move"): (
        "`in_progress` (the issue's status is in progress), `child_in_open_sprint`, or a JQL."
    ),
    ("Rice", "method"): "Reach x impact x confidence / effort.",
    ("Rice", "reach"): "Input with people or events per period.",
    ("Rice", "impact"): "Input with 3, 2, 1, 0.5 or 0.25.",
    ("Rice", "confidence"): "Input with a share: `unit: percent`, or values from 0 to 1.",
    ("Rice", "effort"): "Input with person-months, above 0.",
    ("Weighted", "method"): "The weighted mean of inputs, each on its own scale.",
    ("Weighted", "weights"): "Inputs and their weights, above 0; only the proportions matter.",
    ("ReleaseNotes", "for"): "The audience; part of the page's identity and title.",
    ("ReleaseNotes", "space"): "Space key; left out, where the other pages are.",
    ("ReleaseNotes", "under"): "Id of the parent page; left out, that of the other pages.",
    (
        "ReleaseNotes",
        "readers",
    ): "Who reads these notes; needed with a space of their own.",
    ("ReleaseNotes", "text"): "Field with a sentence for readers; left out, the summary is told.",
    ("RoadmapPage", "outcome"): "Field with a sentence on the outcome for users, shown as well.",
}


def description(block: type, key: str) -> str:
    """Return what *key* of a block means; empty if nothing is said of it.

    Args:
        block: The dataclass or model that describes the block.
        key: The key as it is written in YAML.
    """
    attributes = {written: name for (cls, name), written in WRITTEN.items() if cls is block}
    words = _WORDS.get((block.__name__, key))
    return words or attribute_docs(block).get(attributes.get(key, key), "")
