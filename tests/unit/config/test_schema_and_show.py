"""What is generated from the configuration's classes, the examples, and config show."""

import json
from pathlib import Path
from typing import Any

import pytest
from config_folder import PRODUCT, Folder
from ruamel.yaml import YAML

from pmsync.config.generate import generated
from pmsync.config.loading import load
from pmsync.config.reading import parse_yaml, read_yaml
from pmsync.config.schema import operator_schema, product_schema
from pmsync.config.shipped import examples_dir, templates_dir
from pmsync.config.show import show
from pmsync.core.scoring.methods.rice import Rice
from pmsync.core.scoring.methods.weighted import Weighted

jsonschema = pytest.importorskip("jsonschema")  # comes with openapi-core, without type stubs
ROOT = Path(__file__).parents[3]


def accepts(schema: dict[str, Any], text: str) -> bool:
    """Return whether an editor with the schema would accept the YAML text."""
    root, _ = parse_yaml(text, "x")
    assert root is not None
    return bool(jsonschema.Draft202012Validator(schema).is_valid(root.plain()))


@pytest.mark.parametrize(("path", "text"), generated().items(), ids=map(str, generated()))
def test_generated_files_are_up_to_date(path: Path, text: str) -> None:
    """If not: python -m pmsync.config.generate."""
    assert (ROOT / path).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("schema", [operator_schema(), product_schema()], ids=["site", "product"])
def test_the_schemas_are_schemas_and_describe_every_key(schema: dict[str, Any]) -> None:
    """An editor shows the description beside the key."""
    jsonschema.Draft202012Validator.check_schema(schema)
    for block in (schema, *schema["$defs"].values()):
        assert block["additionalProperties"] is False
        assert [key for key, value in block["properties"].items() if not value["description"]] == []


def test_the_products_schema_takes_what_loading_takes() -> None:
    """Short forms included."""
    assert accepts(product_schema(), PRODUCT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("scope:", "scpe:"),
        ("name: Checkout", "name: 1"),
        ("rice highest first", "rice highst first"),
        ("method: weighted", "method: wieghted"),
        ("[roadmap,", "[roadmp,"),
        ("{top: 20}", "{tpo: 20}"),
        ("under: 123456", "under: Roadmaps"),
        ("for: customers", "audience: customers"),
    ],
)
def test_the_products_schema_refuses_slips(old: str, new: str) -> None:
    """The editor underlines them while one types."""
    assert PRODUCT.count(old) == 1
    assert not accepts(product_schema(), PRODUCT.replace(old, new))


def test_no_schema_offers_a_place_for_the_token() -> None:
    """An editor must not complete what loading refuses."""
    assert "token" not in operator_schema()["$defs"]["SiteSettings"]["properties"]


EXAMPLES = sorted(examples_dir().rglob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.name for path in EXAMPLES])
def test_each_example_names_a_schema_that_accepts_it(path: Path) -> None:
    """The first line makes editors check the file."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    schema = json.loads((path.parent / named).read_text(encoding="utf-8"))
    root, faults = read_yaml(path)
    assert not faults
    assert root is not None
    jsonschema.Draft202012Validator(schema).validate(root.plain())


def test_the_examples_load() -> None:
    """One product by RICE within classes, one by weights."""
    configuration = load(examples_dir() / "pmsync.yaml", {})
    assert sorted(configuration.products) == ["checkout", "search"]
    assert configuration.product("checkout").scores["rice"] == Rice()
    worth = configuration.product("search").scores["worth"]
    assert isinstance(worth, Weighted)
    assert worth.scales["effort"] == (0.0, 24.0)


def test_the_shipped_folders_of_a_checkout_are_the_repositorys() -> None:
    """An editable install has no copies."""
    assert examples_dir() == ROOT / "config"
    assert templates_dir() == ROOT / "templates"


def test_show_says_where_each_value_came_from(folder: Folder) -> None:
    """File with line, environment variable, or default."""
    folder.environ = {"PMSYNC_SITES__ACME__TOKEN": "t0ken", "PMSYNC_SITES__ACME__TIMEOUT": "9"}
    text = show(folder.load()).replace(f"{folder.path}/", "")
    for line in (
        "# file: pmsync.yaml",
        "    jira: https://acme.atlassian.net # pmsync.yaml:3:11",
        "    timeout: 9.0 # environment variable PMSYNC_SITES__ACME__TIMEOUT",
        "    token: '**********' # environment variable PMSYNC_SITES__ACME__TOKEN",
        "    order: [class, rice highest first] # products/checkout.yaml:12:9",
        "    mode: propose # default",
        "    time_zone: Europe/Berlin # pmsync.yaml:7:14",
        "            top: 20 # products/checkout.yaml:20:36",
        "      - for: customers # products/checkout.yaml:22:11",
    ):
        assert line in text.splitlines()


def test_show_says_that_writes_are_off(folder: Folder) -> None:
    """It is the first thing to know."""
    folder.environ = {"PMSYNC_READ_ONLY": "1"}
    assert "# every write is refused (PMSYNC_READ_ONLY)" in show(folder.load())


def test_a_product_as_shown_loads_as_the_same_product(folder: Folder, tmp_path: Path) -> None:
    """What is shown is the whole truth, in the shape of the file."""
    configuration = folder.load()
    shown = YAML(typ="safe").load(show(configuration))["products"]["checkout"]
    with (tmp_path / "products" / "checkout.yaml").open("w") as file:
        YAML(typ="safe").dump(shown, file)
    assert folder.load().products == configuration.products
