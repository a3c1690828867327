"""Pulls once with pmsync; see bench/pull.py.

python bench/_pull_with_pmsync.py URL JQL CONNECTIONS    measures, and prints JSON
python bench/_pull_with_pmsync.py --fields                prints the fields that it would ask for
"""

import json
import sys
from dataclasses import asdict
from itertools import chain

from _jira_stub import INPUTS, SPRINT
from _measured import measured

from pmsync.adapters.clock import SystemClock
from pmsync.adapters.jira.decoding import Decoder
from pmsync.adapters.jira.tracker import JiraCloud
from pmsync.core.model import Field
from pmsync.transport.adapter import Guard, Target
from pmsync.transport.budget import RateBudget
from pmsync.transport.gate import Gate
from pmsync.transport.jira_client import jira_client
from pmsync.transport.sessions import Access

FIELDS = [Field(id=name, name=name, kind="number", type_key="", custom=True) for name in INPUTS]


def tracker(url: str, connections: int) -> JiraCloud:
    clock = SystemClock()
    guard = Guard(clock=clock, gate=Gate(read_only=True), budget=RateBudget(clock))
    target = Target(site="bench", product="jira", base_url=url)
    access = Access(target=target, account="bench", token="bench", connections=connections)
    return JiraCloud(jira_client(access, guard), threads=connections)


def main() -> None:
    if sys.argv[1] == "--fields":
        print(",".join(Decoder(SPRINT, FIELDS).wanted))
        return
    url, jql, connections = sys.argv[1:]
    jira = tracker(url, int(connections))
    pull = measured(lambda: list(chain.from_iterable(jira.fetch(jira.search(jql), FIELDS))))
    print(json.dumps(asdict(pull)))


if __name__ == "__main__":
    main()
