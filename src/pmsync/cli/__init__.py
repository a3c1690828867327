"""The command line: parse, one use case, report, exit code; nothing else happens here."""

import io
import logging
import os
import sys
from collections.abc import Sequence

EXIT_INTERRUPTED = 130
EXIT_NOBODY_READS = 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with the right exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # An arrow or a name that the terminal's encoding lacks must not end a run.
            stream.reconfigure(errors="backslashreplace")
    code = run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        code = EXIT_NOBODY_READS
    sys.exit(code)


def _forget_stdout() -> None:
    """Let nothing more be written there, not even at the interpreter's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every expected error is told in one message."""
    from pmsync.cli.build import build
    from pmsync.core.errors import PmsyncError

    try:
        code = build()(args=arguments, prog_name="pmsync", standalone_mode=False)
    except PmsyncError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except BrokenPipeError:
        _forget_stdout()
        return EXIT_NOBODY_READS
    except Exception as error:  # noqa: BLE001 - the one place that sees every fault
        return _usage_or_fault(error)
    finally:
        logging.shutdown()
    if code == EXIT_INTERRUPTED:  # typer's own word for Ctrl-C
        sys.stderr.write("interrupted\n")
    return code if isinstance(code, int) else 0


def _usage_or_fault(error: Exception) -> int:
    """Tell a wrong command line (exit 2) from a fault of pmsync (exit 1, with its trace)."""
    show = getattr(error, "show", None)
    if show is not None:
        show()
        return int(getattr(error, "exit_code", 2))
    code = getattr(error, "exit_code", None)
    if code is not None:
        return int(code)
    logging.getLogger("pmsync").error(
        "pmsync has a fault; please report it with this trace", exc_info=error
    )
    return 1
