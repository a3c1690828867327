"""Whatever stands in the files or the environment, only ConfigError comes out."""

import json
from typing import Any

from config_folder import OPERATOR, PRODUCT, Folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmsync.config.configuration import Configuration
from pmsync.config.nodes import Json
from pmsync.config.reading import parse_yaml
from pmsync.config.settings import OperatorSettings, SiteSettings
from pmsync.config.variants import hints
from pmsync.core.errors import ConfigError
from pmsync.core.rules import Product, RankRules, ReleaseNotes
from pmsync.core.scoring.inputs import InputRule
from pmsync.core.scoring.methods.weighted import Weighted

BLOCKS = (OperatorSettings, SiteSettings, Product, InputRule, RankRules, ReleaseNotes, Weighted)
KEYS = sorted({key for block in BLOCKS for key in hints(block)} | {"kinds", "backlog", "top"})
WORDS = ["rice", "weighted", "class", "rice highest first", "roadmap", "acme", "reach", "percent"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(WORDS)
)
NAMES = st.sampled_from([*KEYS, *WORDS]) | st.text(max_size=5)
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4)
)
IN_PLACE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def tried(folder: Folder) -> Configuration | ConfigError:
    """Return the configuration or the refusal; any other exception fails the test."""
    try:
        return folder.load()
    except ConfigError as error:
        return error


def spoiled(text: str, data: st.DataObject) -> Any:
    """Return the values of *text* with one of them replaced by something else."""
    root, _ = parse_yaml(text, "x")
    assert root is not None
    whole: Any = root.plain()
    here = whole
    while True:
        step = data.draw(st.sampled_from([*here] if isinstance(here, dict) else range(len(here))))
        below = here[step]
        if not (isinstance(below, dict | list) and below) or data.draw(st.booleans()):
            here[step] = data.draw(VALUES)
            return whole
        here = below


@IN_PLACE
@given(root=VALUES)
def test_any_product_is_taken_or_refused(folder: Folder, root: Json) -> None:
    """A file of anything at all never ends in a traceback."""
    folder.product(json.dumps(root))
    tried(folder)


@IN_PLACE
@given(data=st.data())
def test_a_product_with_one_odd_value_is_taken_or_refused(
    folder: Folder, data: st.DataObject
) -> None:
    """Close to a right file, where every check has something to read."""
    folder.product(json.dumps(spoiled(PRODUCT, data)))
    tried(folder)


@IN_PLACE
@given(data=st.data())
def test_an_operator_file_with_one_odd_value_is_taken_or_refused(
    folder: Folder, data: st.DataObject
) -> None:
    """The same for sites and defaults."""
    folder.operator(json.dumps(spoiled(OPERATOR, data)))
    tried(folder)


@IN_PLACE
@given(text=st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%@`,?~ \n\t\\0é\x07"), max_size=40))
def test_any_text_is_yaml_or_refused(folder: Folder, text: str) -> None:
    """Text made of YAML's own marks never gets past the reader as an exception."""
    folder.product(text.encode())
    tried(folder)


SECRET = "c4n4ry-t0ken-9f3"  # noqa: S105 - a canary
VARIABLES = st.sampled_from(
    [
        "PMSYNC_SITES__ACME__TOKEN",
        "PMSYNC_SITES__ACME__TOKN",
        "PMSYNC_SITES__ACME",
        "PMSYNC_SITES__ACMEE__TOKEN",
        "PMSYNC_SITES__ACME__TIMEOUT",
        "PMSYNC_SITES__ACME__JIRA",
        "PMSYNC_SITES__ACME__ACCOUNT",
        "PMSYNC_SITES__ACME__TOKEN_FILE",
        "PMSYNC_SITES__ACME__CA_BUNDLE",
        "PMSYNC_DEFAULTS__STATE",
        "PMSYNC_DEFAULTS__TIME_ZONE",
        "PMSYNC_DEFAULTS",
        "PMSYNC_SITES",
        "PMSYNC_READ_ONLY",
    ]
)
SHAPES = st.sampled_from(
    ["{}", "https://u:{}@h", "http://h/{}", '{{"token": "{}"}}', "[{}", "{} x"]
)


@IN_PLACE
@given(variable=VARIABLES, shape=SHAPES)
def test_no_refusal_repeats_what_the_environment_holds(
    folder: Folder, variable: str, shape: str
) -> None:
    """A secret in the wrong variable is still a secret."""
    folder.environ = {variable: shape.format(SECRET)}
    outcome = tried(folder)
    if isinstance(outcome, ConfigError):
        assert SECRET not in f"{outcome} {outcome!r} {outcome.problems!r}"


@IN_PLACE
@given(data=st.data())
def test_no_refusal_repeats_a_text_of_the_operators_file(
    folder: Folder, data: st.DataObject
) -> None:
    """Wherever in the file somebody puts a secret by mistake."""
    text = json.dumps(spoiled(OPERATOR, data))
    place = data.draw(st.sampled_from([at for at, char in enumerate(text) if char == ":"]))
    folder.operator(f'{text[: place + 1]} "{SECRET}"}}{text[place + 1 :]}')
    outcome = tried(folder)
    assert isinstance(outcome, ConfigError)
    assert SECRET not in f"{outcome} {outcome!r} {outcome.problems!r}"
