"""JSON Schemas of both files, made from the classes that the files are validated into."""

import json
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import TypeAdapter

from pmsync.config.describe import summary
from pmsync.config.nodes import Json
from pmsync.config.settings import Defaults, OperatorSettings, SiteSettings
from pmsync.config.variants import METHODS, PAGES, WRITTEN
from pmsync.config.words import description
from pmsync.core.rules import (
    BacklogPage,
    Brakes,
    PageRules,
    Product,
    RankRules,
    Readers,
    ReleaseNotes,
    RoadmapPage,
)
from pmsync.core.scoring.inputs import InputRule
from pmsync.core.scoring.order import DateKey, Direction

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DIRECTIONS = "|".join(get_args(Direction))
_METHODS: tuple[type, ...] = tuple(METHODS.values())
_PRODUCT_BLOCKS: tuple[type, ...] = (
    Product,
    InputRule,
    *_METHODS,
    RankRules,
    PageRules,
    Readers,
    BacklogPage,
    RoadmapPage,
    ReleaseNotes,
    Brakes,
)
_EXAMPLES: Mapping[tuple[str, str], list[Json]] = {
    ("Product", "name"): ["Checkout"],
    ("Product", "site"): ["acme"],
    ("Product", "scope"): ["project in (SHOP, WEB)"],
    ("Product", "time_zone"): ["Europe/Berlin"],
    ("Product", "language"): ["en", "de"],
    ("InputRule", "field"): ["Reach"],
    ("InputRule", "unit"): ["person-months", "percent"],
    ("InputRule", "per"): ["quarter"],
    ("InputRule", "scale"): [[0, 10]],
    ("InputRule", "values"): [{"High": 3, "Medium": 2, "Low": 1}],
    ("InputRule", "classes"): [["Must", "Should", "Could", "Won't"]],
    ("RankRules", "level"): ["Epic", 1],
    ("RankRules", "only"): ['statusCategory = "To Do"'],
    ("RankRules", "never_move"): [["in_progress", "child_in_open_sprint", "labels = pinned"]],
    ("PageRules", "space"): ["PROD"],
    ("PageRules", "under"): [123456],
    ("Readers", "projects"): [["SHOP", "WEB"]],
    ("ReleaseNotes", "for"): ["customers"],
    ("ReleaseNotes", "since"): ["2026-11-01"],
    ("ReleaseNotes", "only"): ["labels != internal"],
    ("SiteSettings", "jira"): ["https://acme.atlassian.net"],
    ("SiteSettings", "confluence"): ["https://acme.atlassian.net/wiki"],
    ("SiteSettings", "account"): ["bot@acme.example"],
    ("SiteSettings", "token_file"): ["/run/secrets/jira-token"],
    ("Defaults", "time_zone"): ["Europe/Berlin"],
    ("Defaults", "state"): ["pmsync.db", "postgresql+psycopg://db.acme.example/pmsync"],
}


def operator_schema() -> Schema:
    """Return the JSON Schema of ``pmsync.yaml``."""
    schema = OperatorSettings.model_json_schema()
    blocks = (OperatorSettings, SiteSettings, Defaults)
    _describe(schema, blocks)
    del _block(schema, SiteSettings)["properties"]["token"]
    return _finished(schema, "pmsync.yaml, the operator's file")


def product_schema() -> Schema:
    """Return the JSON Schema of ``products/*.yaml``, short forms included."""
    schema = TypeAdapter(Product).json_schema()
    schema["$defs"].pop("OrderKey")
    for (block, attribute), key in WRITTEN.items():
        _rename(_block(schema, block), attribute, key)
    del schema["properties"]["time_zone"]["default"]  # the operator's
    _short_forms(schema)
    _describe(schema, _PRODUCT_BLOCKS)
    return _finished(schema, "products/*.yaml, one product's rules")


def schema_text(schema: Schema) -> str:
    """Return *schema* as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def blocks_of(schema: Schema) -> dict[str, Schema]:
    """Return ``{name: schema}`` of the file itself (its title) and of every block in it."""
    return {str(schema["title"]): schema, **schema.get("$defs", {})}


def _block(schema: Schema, block: type) -> Schema:
    found: Schema = schema.get("$defs", {}).get(block.__name__, schema)
    return found


def _rename(block: Schema, attribute: str, key: str | None) -> None:
    properties = {}
    for name, value in block["properties"].items():
        if name == attribute and key:
            properties[key] = value
        elif name != attribute:
            properties[name] = value
    block["properties"] = properties
    required = [key if name == attribute else name for name in block.get("required", [])]
    block["required"] = [name for name in required if name]


def _short_forms(schema: Schema) -> None:
    """Write into *schema* what :mod:`pmsync.config.short_forms` takes."""
    schema["properties"]["order"] |= {
        "items": {
            "type": "string",
            "pattern": rf"^\s*[A-Za-z][A-Za-z0-9_-]*(\s+({_DIRECTIONS}))?\s*$",
            "examples": ["class", "rice highest first", f"{get_args(DateKey)[0]} earliest first"],
        }
    }
    methods = [{"$ref": f"#/$defs/{method.__name__}"} for method in _METHODS]
    schema["properties"]["scores"]["additionalProperties"] = {"oneOf": methods}
    for method in _METHODS:
        block = _block(schema, method)
        del block["properties"]["method"]["default"]
        block["required"] = ["method", *block.get("required", [])]
    for rules in (PageRules, ReleaseNotes):
        under = _block(schema, rules)["properties"]["under"]
        kinds = under.setdefault("anyOf", [{"type": under.pop("type", "string")}])
        kinds[0]["pattern"] = "^[0-9]+$"
        kinds.insert(0, {"type": "integer", "minimum": 0})
    _page_kinds(schema)


def _page_kinds(schema: Schema) -> None:
    for page in PAGES.values():
        del _block(schema, page)["properties"]["kind"]
    options = {
        kind: {"anyOf": [{"$ref": f"#/$defs/{page.__name__}"}, {"type": "null"}]}
        for kind, page in PAGES.items()
    }
    with_options = {
        "type": "object",
        "properties": options,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    kinds = _block(schema, PageRules)["properties"]["kinds"]
    kinds["items"] = {"anyOf": [{"enum": list(PAGES)}, with_options]}
    kinds["default"] = [*PAGES]
    kinds["examples"] = [["roadmap", {"backlog": {"top": 50}}]]


def _describe(schema: Schema, blocks: tuple[type[Any], ...]) -> None:
    for block in blocks:
        found = _block(schema, block)
        found["description"] = summary(block)
        for key, value in found["properties"].items():
            value.pop("title", None)
            value.update(_own_words(block, key))


def _own_words(block: type, key: str) -> Schema:
    text = description(block, key)
    words: Schema = {"description": text} if text else {}
    examples = _EXAMPLES.get((block.__name__, key))
    return words | ({"examples": examples} if examples else {})


def _finished(schema: Schema, title: str) -> Schema:
    for block in schema.get("$defs", {}).values():
        block.pop("title", None)
    return {"$schema": DIALECT} | schema | {"title": title}
