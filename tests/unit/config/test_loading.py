"""What a right configuration becomes, and where its files are looked for."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from config_folder import OPERATOR, PRODUCT, Folder

from pmsync.config.configuration import rules_hash
from pmsync.config.loading import load, places
from pmsync.core.errors import ConfigError
from pmsync.core.rules import BacklogPage, RoadmapPage
from pmsync.core.scoring.methods.rice import Rice
from pmsync.core.scoring.methods.weighted import Weighted
from pmsync.core.scoring.order import OrderKey


def test_a_product_becomes_the_cores_own_rules(folder: Folder) -> None:
    """Short forms are written out, and what the order implies is filled in."""
    product = folder.load().products["checkout"]
    assert product.id == "checkout"
    assert product.order == (
        OrderKey(by="class"),
        OrderKey(by="rice", direction="highest first"),
    )
    assert product.scores["rice"] == Rice()
    assert product.pages is not None
    assert product.pages.under == "123456"
    assert product.pages.kinds == (RoadmapPage(), BacklogPage(top=20))
    assert product.release_notes[0].audience == "customers"
    assert product.release_notes[0].since == date(2026, 11, 1)


def test_weighted_inputs_bring_their_scales(folder: Folder) -> None:
    """Options give their least and greatest number, percent is a share when it is weighted."""
    worth = folder.load().products["checkout"].scores["worth"]
    assert isinstance(worth, Weighted)
    assert worth.scales == {"impact": (1.0, 3.0), "confidence": (0.0, 1.0)}


def test_a_declared_score_is_not_replaced_by_the_implied_one(folder: Folder) -> None:
    """RICE with an input of another name stays as it was declared."""
    folder.product(
        PRODUCT.replace("scores:\n", "scores:\n  rice: {method: rice, effort: cost}\n").replace(
            "effort: {field: Effort}", "cost: {field: Effort}"
        )
    )
    assert folder.load().products["checkout"].scores["rice"] == Rice(effort="cost")


def test_the_operators_time_zone_holds_where_the_product_names_none(folder: Folder) -> None:
    """A product's own zone goes first."""
    assert folder.load().products["checkout"].time_zone == "Europe/Berlin"
    folder.product(f"{PRODUCT}time_zone: Asia/Tokyo\n")
    assert folder.load().products["checkout"].time_zone == "Asia/Tokyo"


def test_faults_of_all_files_are_told_at_once(folder: Folder) -> None:
    """Operator, both products and environment, sorted by file and line."""
    folder.operator(OPERATOR.replace("Europe/Berlin", "Mars"))
    folder.product(PRODUCT.replace("name: Checkout", "nam: Checkout"))
    folder.product(PRODUCT.replace("Epic", "[]").replace("acme", "other"), "search.yaml")
    folder.environ = {"PMSYNC_SITES__ACME__TIMEOUT": "soon"}
    assert [fault.split(": ")[0] for fault in folder.faults()] == [
        "environment variable PMSYNC_SITES__ACME__TIMEOUT",
        "pmsync.yaml:7:14",
        "checkout.yaml:1:1",
        "search.yaml:2:7",
        "search.yaml:14:10",
    ]


def test_an_unreadable_operator_file_does_not_blame_the_products_sites(folder: Folder) -> None:
    """Which sites there are is not known then."""
    folder.operator("sites: [")
    [fault] = folder.faults()
    assert fault.startswith("pmsync.yaml:1:9: this is not YAML")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("my shop.yaml", "my shop.yaml: 'my shop' cannot be a product's id"),
        ("Checkout.yml", "checkout.yaml: Checkout.yml declares the same product"),
        ("checkout.yml", "checkout.yml: checkout.yaml declares the same product"),
    ],
)
def test_a_products_file_name_is_its_identity(folder: Folder, name: str, expected: str) -> None:
    """So it must be a plain word, and nobody else's."""
    folder.product(PRODUCT, name)
    assert folder.faults()[0].startswith(expected)


def test_hidden_and_other_files_are_no_products(folder: Folder) -> None:
    """Editors and notes leave such files behind."""
    folder.product("{", ".checkout.yaml")
    folder.product("{", "checkout.yaml~")
    folder.product("{", "README.md")
    assert list(folder.load().products) == ["checkout"]


def test_without_products_the_sites_can_still_be_used(folder: Folder) -> None:
    """Such as by doctor, before there is any product."""
    (folder.path / "products" / "checkout.yaml").unlink()
    assert folder.load().products == {}
    (folder.path / "products").rmdir()
    assert list(folder.load().sites) == ["acme"]


def test_a_product_that_is_not_there_is_named_with_the_nearest(folder: Folder) -> None:
    """A slip in --product gets a cure."""
    configuration = folder.load()
    assert configuration.product("checkout").name == "Checkout"
    with pytest.raises(ConfigError, match="there is no product 'chekout'"):
        configuration.product("chekout")


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_read_only_is_switched_on(folder: Folder, word: str) -> None:
    """PMSYNC_READ_ONLY takes the usual words."""
    folder.environ = {"PMSYNC_READ_ONLY": word}
    assert folder.load().read_only


@pytest.mark.parametrize("environ", [{}, {"PMSYNC_READ_ONLY": ""}, {"PMSYNC_READ_ONLY": "0"}])
def test_read_only_is_off_by_default(folder: Folder, environ: dict[str, str]) -> None:
    """Empty counts as not set."""
    folder.environ = environ
    assert not folder.load().read_only


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, "sqlite:///{}/pmsync.db"),
        ("s.db", "sqlite:///{}/s.db"),
        ("deep/s.db", "sqlite:///{}/deep/s.db"),
        ("sqlite:///s.db", "sqlite:///{}/s.db"),
        ("sqlite:////var/lib/s.db", "sqlite:////var/lib/s.db"),
        ("/var/lib/s.db", "sqlite:////var/lib/s.db"),
        ("sqlite:///s.db?timeout=3", "sqlite:///{}/s.db?timeout=3"),
        ("postgresql+psycopg://db/pmsync", "postgresql+psycopg://db/pmsync"),
    ],
)
def test_the_state_lies_beside_the_file_unless_it_says_where(
    folder: Folder, written: str | None, expected: str
) -> None:
    """Relative paths begin at the operator's file, not where the command is run."""
    line = f"  state: {written}\n" if written else ""
    folder.operator(OPERATOR.replace("  state: state.db\n", line))
    assert folder.load().state == expected.format(folder.path)


def test_a_password_in_the_states_address_is_never_shown(folder: Folder) -> None:
    """Not in the masked form, not in the representation."""
    address = "postgresql+psycopg://bot:p4ssw0rd@db/pmsync?password=p4ssw0rd"
    folder.environ = {"PMSYNC_DEFAULTS__STATE": address}
    configuration = folder.load()
    assert configuration.state == address
    assert configuration.state_shown == "postgresql+psycopg://bot:***@db/pmsync?***"
    assert "p4ssw0rd" not in repr(configuration)


def test_settings_come_from_the_environment_above_the_file(folder: Folder) -> None:
    """The variable's own name is the origin that is shown."""
    folder.environ = {"PMSYNC_SITES__ACME__TIMEOUT": "7.5", "PMSYNC_DEFAULTS__TIME_ZONE": "UTC"}
    configuration = folder.load()
    assert configuration.sites["acme"].timeout == 7.5
    assert configuration.time_zone == "UTC"
    assert configuration.origins["sites.acme.timeout"] == (
        "environment variable PMSYNC_SITES__ACME__TIMEOUT"
    )
    assert configuration.origins["sites.acme.jira"].endswith("pmsync.yaml:3:11")


def test_a_whole_site_may_stand_in_the_environment(folder: Folder) -> None:
    """Containers are often set up like this."""
    folder.environ = {"PMSYNC_SITES__OTHER__JIRA": "http://127.0.0.1:8700/"}
    assert folder.load().sites["other"].jira == "http://127.0.0.1:8700"


def test_variables_of_others_are_left_alone(folder: Folder) -> None:
    """Kubernetes sets such names for a service called pmsync."""
    folder.environ = {"PMSYNC_SERVICE_HOST": "10.0.0.1", "PMSYNC_PORT_8080_TCP": "x", "HOME": "/"}
    assert folder.load().sites


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PMSYNC_READONLY", "PMSYNC_READ_ONLY"),
        ("PMSYNC_READ_ONLY_MODE", "PMSYNC_READ_ONLY"),
        ("pmsync_read_only", "PMSYNC_READ_ONLY"),
        ("PMSYNC-READ-ONLY", "PMSYNC_READ_ONLY"),
        ("PMSYNC_CONFG", "PMSYNC_CONFIG"),
        ("PMSYNC_SECRET_DIR", "PMSYNC_SECRETS_DIR"),
    ],
)
def test_a_variable_that_is_nearly_ours_is_a_fault(folder: Folder, name: str, meant: str) -> None:
    """Above all a safety switch must not fail without a word."""
    folder.environ = {name: "1"}
    assert folder.faults() == [
        f"environment variable {name}: this names no setting (did you mean {meant}?)"
    ]


@pytest.mark.parametrize("url", ["http://localhost:8700", "http://127.0.0.1", "http://[::1]:1/x/"])
def test_plain_http_is_for_this_machine_only(folder: Folder, url: str) -> None:
    """The sandbox runs there."""
    folder.operator(f"sites: {{acme: {{jira: '{url}'}}}}")
    (folder.path / "products" / "checkout.yaml").unlink()
    site = folder.load().sites["acme"]
    assert site.jira == url.rstrip("/")
    assert site.confluence is None
    assert site.confluence_base is None


def test_calls_go_to_the_gateway_where_there_is_one(folder: Folder) -> None:
    """Links keep the address that people open."""
    gateway = "https://api.atlassian.com/ex/jira/1"
    folder.environ = {"PMSYNC_SITES__ACME__JIRA_API": gateway}
    site = folder.load().sites["acme"]
    assert (site.jira, site.jira_base) == ("https://acme.atlassian.net", gateway)
    assert site.confluence_base == "https://acme.atlassian.net/wiki"


def test_pages_need_a_site_with_confluence(folder: Folder) -> None:
    """That is told at the product's pages."""
    folder.operator("sites: {acme: {jira: https://acme.atlassian.net}}")
    [fault] = folder.faults()
    assert fault.startswith("checkout.yaml:16:1: pages need a wiki, and the site 'acme' has no")


def test_certificates_lie_beside_the_file(folder: Folder) -> None:
    """A relative path means the operator's folder."""
    (folder.path / "ca.pem").write_text("-")
    folder.operator(OPERATOR.replace("    account", "    ca_bundle: ca.pem\n    account"))
    assert folder.load().sites["acme"].ca_bundle == folder.path / "ca.pem"


def test_all_files_that_were_read_are_listed(folder: Folder) -> None:
    """A daemon watches them."""
    assert [path.name for path in folder.load().files] == ["pmsync.yaml", "checkout.yaml"]


class TestWhereItIsLookedFor:
    """The operator's file when --config does not name it."""

    def test_a_named_file_is_the_only_candidate(self, folder: Folder) -> None:
        """PMSYNC_CONFIG does not fall back to a file that happens to lie here."""
        assert places({"PMSYNC_CONFIG": "x/y.yaml"}) == (Path("x/y.yaml"),)
        assert load(None, {"PMSYNC_CONFIG": str(folder.path / "pmsync.yaml")}).products

    def test_here_first_then_in_the_folder_pmsync(
        self, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both are where the command is run."""
        (folder.path / "pmsync").mkdir()
        (folder.path / "pmsync" / "pmsync.yaml").write_text("sites: {b: {jira: https://b.example}}")
        monkeypatch.chdir(folder.path)
        assert list(load(None, {}).sites) == ["acme"]
        (folder.path / "pmsync.yaml").unlink()
        assert list(load(None, {}).sites) == ["b"]

    def test_nowhere_says_where_it_looked(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And how to name it."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        with pytest.raises(ConfigError) as caught:
            load(None, {})
        assert "looked for pmsync.yaml, pmsync/pmsync.yaml, " in str(caught.value)
        assert "--config or PMSYNC_CONFIG" in str(caught.value)

    def test_a_named_file_that_is_missing_is_an_error(self, tmp_path: Path) -> None:
        """Nothing else is taken in its place."""
        with pytest.raises(ConfigError, match="there is no such file"):
            load(tmp_path / "no.yaml", {})


class TestHash:
    """The hash of the rules."""

    def test_the_same_rules_written_otherwise_have_the_same_hash(self, folder: Folder) -> None:
        """Order of keys, quotes and block style do not matter."""
        before = folder.load()
        lines = PRODUCT.splitlines()
        folder.product("\n".join([*lines[1:], "'name': \"Checkout\"", "mode: propose"]))
        after = folder.load()
        assert before.hash(before.product("checkout")) == after.hash(after.product("checkout"))

    def test_other_rules_have_another_hash(self, folder: Folder) -> None:
        """Every change of a rule shows."""
        product = folder.load().product("checkout")
        changed = (
            rules_hash(product),
            rules_hash(replace(product, scope="project = SHOP")),
            rules_hash(replace(product, order=product.order[:1])),
            rules_hash(replace(product, inputs={**product.inputs, "x": product.inputs["reach"]})),
        )
        assert len(set(changed)) == 4
        assert all(len(one) == 64 for one in changed)


def test_loading_imports_nothing_heavy() -> None:
    """Every command loads the configuration; none should wait for what it does not use."""
    heavy = ("jira", "atlassian", "sqlalchemy", "numpy", "lxml", "jinja2", "babel", "typer")
    code = f"import sys, pmsync.config.loading; print([m for m in {heavy} if m in sys.modules])"
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
