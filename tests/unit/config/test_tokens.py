"""Where a token is taken from, and that it is never shown."""

import copy
import logging
import sys
from pathlib import Path
from types import ModuleType

import pytest
from config_folder import OPERATOR, Folder

from pmsync.config.show import show
from pmsync.core.errors import ConfigError

VARIABLE = "PMSYNC_SITES__ACME__TOKEN"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the keyring of whoever runs the tests alone."""
    monkeypatch.setitem(sys.modules, "keyring", None)


def token(folder: Folder) -> str:
    """Return the token in force."""
    return folder.load().require_token("acme").get_secret_value()


def refusal(folder: Folder) -> str:
    """Return what is said instead of a token."""
    with pytest.raises(ConfigError) as caught:
        folder.load().require_token("acme")
    return str(caught.value)


def secret_file(path: Path, text: str) -> Path:
    """Write a file that holds one secret, as editors and containers do: with a line break."""
    path.write_text(f"{text}\n")
    return path


def test_the_nearest_source_holds(folder: Folder, tmp_path: Path) -> None:
    """Environment, the file it names, the folder of secrets, the file that the settings name."""
    folder.operator(OPERATOR.replace("    account", "    token_file: written\n    account"))
    secret_file(tmp_path / "written", "t-written")
    assert token(folder) == "t-written"
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    secret_file(secrets / "pmsync_sites__acme__token", "t-folder")
    folder.environ["PMSYNC_SECRETS_DIR"] = str(secrets)
    assert token(folder) == "t-folder"
    folder.environ[f"{VARIABLE}_FILE"] = str(secret_file(tmp_path / "named", "t-named"))
    assert token(folder) == "t-named"
    folder.environ[VARIABLE] = "t-environment"
    assert token(folder) == "t-environment"


def test_systemd_credentials_are_a_folder_of_secrets(folder: Folder, tmp_path: Path) -> None:
    """LoadCredential puts the file there; other files in it are none of our business."""
    secret_file(tmp_path / "PMSYNC_SITES__ACME__TOKEN", "t-systemd")
    (tmp_path / "other").write_bytes(b"\xff\xfe")
    (tmp_path / "pmsync_broken").write_bytes(b"\xff\xfe")
    folder.environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert token(folder) == "t-systemd"


def test_a_sites_hyphen_is_an_underscore_in_its_variable(folder: Folder) -> None:
    """No shell takes a hyphen in a name."""
    folder.operator("sites: {acme-eu: {jira: https://acme.atlassian.net}}")
    (folder.path / "products" / "checkout.yaml").unlink()
    folder.environ = {"PMSYNC_SITES__ACME_EU__TOKEN": "t-eu"}
    assert folder.load().require_token("acme-eu").get_secret_value() == "t-eu"


def test_a_token_that_looks_like_something_else_is_still_text(folder: Folder) -> None:
    """Neither a number nor JSON is made of it."""
    for text in ("12345", "true", "null", "[abc", '{"a":1}'):
        folder.environ = {VARIABLE: text}
        assert token(folder) == text


def test_the_keyring_is_asked_last_and_only_when_needed(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading alone must not open anybody's keyring."""
    asked = []
    keyring = ModuleType("keyring")

    def get_password(service: str, user: str) -> str:
        asked.append((service, user))
        return "t-keyring"

    monkeypatch.setattr(keyring, "get_password", get_password, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    configuration = folder.load()
    assert asked == []
    assert configuration.require_token("acme").get_secret_value() == "t-keyring"
    assert asked == [("pmsync", "acme")]


def test_a_keyring_without_back_end_counts_as_none(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server it raises; the cure is still the whole list of ways."""
    keyring = ModuleType("keyring")

    def get_password(service: str, user: str) -> str:
        message = f"no back end for {service} {user}"
        raise RuntimeError(message)

    monkeypatch.setattr(keyring, "get_password", get_password, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert "there is no token for the site acme" in refusal(folder)


def test_without_a_token_all_the_ways_to_give_one_are_named(folder: Folder) -> None:
    """Environment, file, settings and keyring; and only the command that needs it fails."""
    assert folder.load().sites["acme"].token is None
    text = refusal(folder)
    for way in (VARIABLE, f"{VARIABLE}_FILE", "token_file:", "keyring set pmsync acme"):
        assert way in text


def test_an_empty_variable_counts_as_not_set(folder: Folder) -> None:
    """As shells and CI systems leave it."""
    folder.environ = {VARIABLE: ""}
    assert "there is no token" in refusal(folder)


def test_a_token_file_that_is_missing_is_told_when_it_is_needed(
    folder: Folder, tmp_path: Path
) -> None:
    """A check on another machine, where the secret is not, must still work."""
    folder.operator(OPERATOR.replace("    account", "    token_file: no/such\n    account"))
    assert folder.load().products
    assert f"secret file {tmp_path}/no/such: the token's file cannot be read" in refusal(folder)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"x" * 70_000])
def test_a_file_that_holds_no_token_is_told_without_its_content(
    folder: Folder, tmp_path: Path, content: bytes
) -> None:
    """Empty, binary or much too long."""
    path = tmp_path / "token"
    path.write_bytes(content)
    folder.operator(OPERATOR.replace("    account", "    token_file: token\n    account"))
    with pytest.raises(ConfigError) as caught:
        folder.load().require_token("acme")
    text = str(caught.value)
    assert str(path) in text
    assert "xxxx" not in text


def test_a_token_is_never_shown(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    """Not as text, representation, copy, error, log line or in config show."""
    secret = "c4n4ry-t0ken"  # noqa: S105 - a canary
    folder.environ = {VARIABLE: secret}
    configuration = folder.load()
    site = configuration.sites["acme"]
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").debug("%s %r", configuration, site)
    texts = [
        str(configuration),
        repr(configuration),
        repr(copy.copy(configuration)),
        str(site),
        repr(site.model_dump()),
        site.model_dump_json(),
        repr(configuration.tokens),
        str(configuration.origins),
        str(configuration.require_token("acme")),
        show(configuration),
        caplog.text,
    ]
    assert not [text for text in texts if secret in text]


def test_a_token_in_the_file_is_refused_and_not_repeated(folder: Folder) -> None:
    """Files are shared, copied and put under version control."""
    folder.operator(OPERATOR.replace("    account", "    token: c4n4ry\n    account"))
    [fault] = folder.faults()
    assert fault.startswith("pmsync.yaml:5:5: a token does not belong into a file")
    assert VARIABLE in fault
    assert "c4n4ry" not in fault
