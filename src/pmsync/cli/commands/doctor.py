"""``doctor``: look at everything that must hold, and say how to cure what does not."""

import typer

from pmsync.cli.options import ConfigOption, FormatOption, ProductOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    *, config: ConfigOption = None, product: ProductOption = None, form: FormatOption = "table"
) -> int:
    """Check sites, token, fields, queries, permissions, pages and templates; write nothing."""
    from pmsync.cli.output import printable, write, write_json
    from pmsync.cli.wired import lines, opened
    from pmsync.pipeline.doctor import examine

    failed = False
    marks = {"ok": "ok     ", "warning": "warning", "failed": "FAILED "}
    with opened(config) as app:
        for line in lines(app, product):
            checks = list(examine(line))
            failed = failed or any(check.state == "failed" for check in checks)
            if form == "json":
                write_json({"product": line.product.id, "checks": checks})
                continue
            write(line.product.name)
            for check in checks:
                write(f"  {marks[check.state]} {check.name}: {printable(check.text)}")
                if check.cure:
                    write(f"          cure: {check.cure}")
    return 1 if failed else 0
