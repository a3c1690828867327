"""Pulls once with the `jira` client as its documentation says; see bench/pull.py.

python bench/_pull_with_jira.py URL JQL [FIELDS]    measures, and prints JSON
"""

import json
import sys
from dataclasses import asdict

from _measured import measured
from jira import JIRA


def main() -> None:
    url, jql, *fields = sys.argv[1:]
    client = JIRA(url, basic_auth=("bench", "bench"))
    asked = fields[0] if fields else "*all"
    pull = measured(lambda: list(client.enhanced_search_issues(jql, maxResults=0, fields=asked)))
    print(json.dumps(asdict(pull)))


if __name__ == "__main__":
    main()
