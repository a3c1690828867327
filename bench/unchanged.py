"""Calls of a sync that finds nothing to do, over 100 pages and over 2, in one run.

The peer is the arithmetic of a publisher that looks at each page by itself (md2conf asks six
calls a page for an unchanged one); what counts here is that ours do not grow with the pages.
"""

import os
import tempfile
from collections import Counter
from pathlib import Path

from pmsync.app import App
from pmsync.config.loading import load
from pmsync.config.shipped import examples_dir
from pmsync.pipeline.run import apply_plan, sync
from pmsync.sandbox.server import Sandbox, start_in_thread

MD2CONF_CALLS_A_PAGE = 6


def rules(sandbox: Sandbox, audiences: int) -> str:
    """Return a product's file whose release notes make *audiences* pages for each version."""
    space = next(one for one in sandbox.snapshot()["spaces"] if one["key"] == "PROD")
    text = (examples_dir() / "products" / "checkout.yaml").read_text("utf-8")
    text = text.replace("under: 123456", f"under: {space['homepageId']}")
    head, _, tail = text.partition("release_notes:")
    rest = tail[tail.index("\n# Above") :] if "\n# Above" in tail else ""
    notes = "".join(f"  - {{for: group-{n}, since: 2020-01-01}}\n" for n in range(audiences))
    return f"{head}release_notes:\n{notes}{rest}" if audiences else head + rest


def measure(audiences: int) -> tuple[int, int, int, Counter[str]]:
    """Return pages, calls and writes of the unchanged run, and its calls by endpoint."""
    with start_in_thread() as sandbox, tempfile.TemporaryDirectory() as name:
        folder, address = Path(name), sandbox.address
        (folder / "products").mkdir()
        (folder / "pmsync.yaml").write_text(
            f"sites:\n  acme: {{jira: {address.jira}, confluence: {address.confluence},"
            f" account: {address.account}}}\n"
        )
        (folder / "products" / "checkout.yaml").write_text(rules(sandbox, audiences))
        environ = {**os.environ, "PMSYNC_SITES__ACME__TOKEN": address.token}
        with App(load(folder / "pmsync.yaml", environ)) as app:
            product = app.configuration.product("checkout")
            first = sync(app.line(product))
            assert first.waiting
            apply_plan(app.line(product), first.waiting)
            before = app.record.totals()
            report = sync(app.line(product))
            assert not report.plan.changes
            calls = Counter(
                {
                    key[1]: total.count - (before[key].count if key in before else 0)
                    for key, total in app.record.totals().items()
                }
            )
            late = app.record.latest()[-calls.total() :]
            writes = sum(1 for one in late if one.write_id)
            return report.plan.pages, calls.total(), writes, +calls


def main() -> None:
    """Print the table."""
    print("A sync with nothing changed\n")
    print("| pages | calls | writes | one look at each page |")
    print("|---:|---:|---:|---:|")
    last: Counter[str] = Counter()
    for audiences in (0, 14):
        pages, calls, writes, last = measure(audiences)
        print(f"| {pages} | {calls} | {writes} | {pages * MD2CONF_CALLS_A_PAGE} |")
    print("\nCalls of the last row: " + ", ".join(f"{n} {name}" for name, n in last.items()))


if __name__ == "__main__":
    main()
