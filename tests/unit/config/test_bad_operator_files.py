"""An operator's file or environment with something wrong: message, place, cure, no secret."""

# ruff: noqa: E501 - a message stands on one line, as it is printed

import pytest
from config_folder import Folder

CANARY = "s3cr3t"
CASES: list[tuple[str | bytes, dict[str, str], list[str]]] = [
    ("", {}, ["pmsync.yaml:1:1: the file is empty"]),
    ("# nothing\n", {}, ["pmsync.yaml:1:1: the file is empty"]),
    ("- a\n", {}, ["pmsync.yaml:1:1: expected a block of keys, found a list"]),
    (
        "sites: {}\n",
        {},
        [
            "pmsync.yaml:1:1: there is no site (add such as acme: {jira: https://acme.atlassian.net})"
        ],
    ),
    ("sites: []\n", {}, ["pmsync.yaml:1:8: expected a block of keys, found a list"]),
    (
        "defaults: {}\n",
        {},
        [
            "pmsync.yaml:1:1: the key 'sites' is missing here (The sites by a name of one's own, which products refer to)"
        ],
    ),
    (
        "site:\n  acme: {jira: https://a.example}\n",
        {},
        ["pmsync.yaml:1:1: unknown key 'site' (did you mean sites?)"],
    ),
    (
        "sites: {acme: https://a.example}\n",
        {},
        ["pmsync.yaml:1:15: expected a block of keys, found a text"],
    ),
    (
        "sites:\n\tacme: x\n",
        {},
        [
            "pmsync.yaml:2:1: this is not YAML: while scanning for the next token: found character '\\t' that cannot start any token (indent with spaces, never with tabs)"
        ],
    ),
    (
        b"sites:\n  acme: {jira: https://m\xfcnchen.example}\n",
        {},
        ["pmsync.yaml:2:25: the file is not UTF-8 text (save it with the encoding UTF-8)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://a.example\n    jira: https://b.example\n    token: s3cr3t-canary\n",
        {},
        [
            "pmsync.yaml:4:5: the key 'jira' is here twice, first in line 3 (keep one of them)",
            "pmsync.yaml:5:5: a token does not belong into a file that is shared and copied (remove it and set the environment variable PMSYNC_SITES__ACME__TOKEN; or put the token into a file and name it in PMSYNC_SITES__ACME__TOKEN_FILE or under token_file:; or, where the package keyring is installed, run: keyring set pmsync acme)",
        ],
    ),
    (
        "sites:\n  acme:\n    jira: http://a.example\n",
        {},
        [
            "pmsync.yaml:3:11: plain http would send the token readable over the network (write https://)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: http://localhost.evil.example\n",
        {},
        [
            "pmsync.yaml:3:11: plain http would send the token readable over the network (write https://)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: http://0x7f.1\n",
        {},
        [
            "pmsync.yaml:3:11: plain http would send the token readable over the network (write https://)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://bot:s3cr3t-canary@a.example\n",
        {},
        [
            "pmsync.yaml:3:11: an address must not hold a user or a password (use account: and a token)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://a.example/?t=s3cr3t-canary\n",
        {},
        [
            "pmsync.yaml:3:11: an address must not have a query (?) or a fragment (#) (write such as https://acme.atlassian.net)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://a.example/#x\n",
        {},
        [
            "pmsync.yaml:3:11: an address must not have a query (?) or a fragment (#) (write such as https://acme.atlassian.net)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: ftp://a.example\n",
        {},
        ["pmsync.yaml:3:11: this is not a web address (write such as https://acme.atlassian.net)"],
    ),
    (
        "sites:\n  acme:\n    jira: a.example\n",
        {},
        ["pmsync.yaml:3:11: this is not a web address (write such as https://acme.atlassian.net)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://\n",
        {},
        ["pmsync.yaml:3:11: this is not a web address (write such as https://acme.atlassian.net)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://a.example:x\n",
        {},
        ["pmsync.yaml:3:11: this is not an address (write such as https://acme.atlassian.net)"],
    ),
    (
        "sites:\n  acme:\n    jira: 'https://a example'\n",
        {},
        [
            "pmsync.yaml:3:11: this address has a space, a backslash or a control character in it (write such as https://acme.atlassian.net)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://[::1\n",
        {},
        ["pmsync.yaml:3:11: this is not an address (write such as https://acme.atlassian.net)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n    confluence: http://wiki.example\n",
        {},
        [
            "pmsync.yaml:4:17: plain http would send the token readable over the network (write https://)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n    account: 5\n",
        {},
        ["pmsync.yaml:4:14: expected text, found a number (put it in quotes)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n    timeout: 0\n",
        {},
        ["pmsync.yaml:4:14: a time-out lies above 0 and up to 600 seconds (write such as 30)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n    timeout: true\n",
        {},
        ["pmsync.yaml:4:14: expected a number of seconds, found true or false (write such as 30)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n    timeout: s3cr3t-canary\n",
        {},
        ["pmsync.yaml:4:14: expected a number, found a text"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n    ca_bundle: none.pem\n",
        {},
        ["pmsync.yaml:4:16: there is no such file of certificates"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n    verify: false\n",
        {},
        [
            "pmsync.yaml:4:5: unknown key 'verify' (choose from jira, confluence, account, token, token_file, jira_api, confluence_api, ca_bundle, timeout)"
        ],
    ),
    (
        "sites:\n  acme:\n    jra: https://acme.atlassian.net\n",
        {},
        [
            "pmsync.yaml:2:3: the key 'jira' is missing here (Address of Jira as people open it; links on pages begin with it)",
            "pmsync.yaml:3:5: unknown key 'jra' (did you mean jira?)",
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n  b b: {jira: https://a.example}\n",
        {},
        ["pmsync.yaml:4:3: 'b b' cannot name a site: letters, digits, single - and _ only"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n  ACME: {jira: https://a.example}\n",
        {},
        [
            "pmsync.yaml:4:3: acme and ACME would share the variable PMSYNC_SITES__ACME__TOKEN (rename one of them)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\ndefaults: {time_zone: Berlin, state: 'mysql://u:s3cr3t-canary@h/d', x: 1}\n",
        {},
        [
            "pmsync.yaml:4:23: there is no such time zone (did you mean Europe/Berlin?)",
            "pmsync.yaml:4:38: the state is kept in SQLite or PostgreSQL (write a path, sqlite:///FILE or postgresql+psycopg://HOST/DATABASE)",
            "pmsync.yaml:4:69: unknown key 'x' (choose from time_zone, state)",
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\ndefaults: {state: 'mysql://u:s3cr3t-canary@h/d'}\n",
        {},
        [
            "pmsync.yaml:4:19: the state is kept in SQLite or PostgreSQL (write a path, sqlite:///FILE or postgresql+psycopg://HOST/DATABASE)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\ndefaults: {state: 'sqlite://'}\n",
        {},
        [
            "pmsync.yaml:4:19: a store in memory forgets what it wrote, and pmsync could not tell a second run (write a file, such as sqlite:///pmsync.db)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\ndefaults: {state: ' '}\n",
        {},
        ["pmsync.yaml:4:19: the place of the state is empty (leave the key out, or write a path)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n_env_file: /etc/passwd\n",
        {},
        ["pmsync.yaml:4:1: unknown key '_env_file' (choose from sites, defaults)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES__ACME__TOKEN": "s3cr3t canary"},
        [
            "environment variable PMSYNC_SITES__ACME__TOKEN: the token has characters that no token has (a space, a line break?)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES__AMCE__TOKEN": "s3cr3t-canary"},
        [
            "environment variable PMSYNC_SITES__AMCE__TOKEN: there is no site 'amce' (did you mean PMSYNC_SITES__ACME__…?)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES__ACME__TOKN": "s3cr3t-canary"},
        ["environment variable PMSYNC_SITES__ACME__TOKN: unknown key 'tokn' (did you mean token?)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITE__ACME__TOKEN": "s3cr3t-canary"},
        [
            "environment variable PMSYNC_SITE__ACME__TOKEN: this names no setting (did you mean PMSYNC_SITES__?)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES": '{"acme": "s3cr3t-canary'},
        ["environment variable PMSYNC_SITES: this names no setting (did you mean PMSYNC_SITES__?)"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES__ACME": "s3cr3t-canary"},
        ["environment variable PMSYNC_SITES__ACME: expected a block of keys, found a text"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES__": "s3cr3t-canary"},
        [
            "environment variable PMSYNC_SITES__: there is no site '' (did you mean PMSYNC_SITES__ACME__…?)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES__ACME__JIRA": "http://s3cr3t-canary.example"},
        [
            "environment variable PMSYNC_SITES__ACME__JIRA: plain http would send the token readable over the network (write https://)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES__ACME__TIMEOUT": "s3cr3t-canary"},
        ["environment variable PMSYNC_SITES__ACME__TIMEOUT: expected a number, found a text"],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_DEFAULTS__STATE": "oracle://u:s3cr3t-canary@h"},
        [
            "environment variable PMSYNC_DEFAULTS__STATE: the state is kept in SQLite or PostgreSQL (write a path, sqlite:///FILE or postgresql+psycopg://HOST/DATABASE)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_READ_ONLY": "maybe"},
        [
            "environment variable PMSYNC_READ_ONLY: expected 1 or 0 (write 1 to refuse every write, 0 to allow them)"
        ],
    ),
    (
        "sites:\n  acme:\n    jira: https://acme.atlassian.net\n",
        {"PMSYNC_SITES__ACME__TOKEN__X": "s3cr3t-canary"},
        ["environment variable PMSYNC_SITES__ACME__TOKEN__X: expected text, found a block of keys"],
    ),
    (
        "sites:\n  acme:\n    jira: [s3cr3t-canary]\n",
        {},
        ["pmsync.yaml:3:11: expected text, found a list"],
    ),
    (
        "sites:\n  acme:\n    jira: {a: s3cr3t-canary}\n    account: [s3cr3t-canary]\n",
        {},
        [
            "pmsync.yaml:3:11: expected text, found a block of keys",
            "pmsync.yaml:4:14: expected text, found a list",
        ],
    ),
]


@pytest.mark.parametrize(
    ("text", "environ", "expected"), CASES, ids=[f"{case[0]!r} {case[1]}" for case in CASES]
)
def test_a_wrong_operator_file_says_where_and_what_to_do(
    folder: Folder, text: str | bytes, environ: dict[str, str], expected: list[str]
) -> None:
    """Each fault has one message with place and cure; no secret is in any of them."""
    (folder.path / "products" / "checkout.yaml").unlink()
    folder.operator(text)
    folder.environ = environ
    faults = folder.faults()
    assert faults == expected
    assert CANARY not in "".join(faults)
