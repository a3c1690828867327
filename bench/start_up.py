"""``pmsync --help`` beside ``octodns-sync --help``, interleaved in one run."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
BIN = Path(sys.executable).parent
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "pmsync --help": [str(BIN / "pmsync"), "--help"],
    "octodns-sync --help": [str(BIN / "octodns-sync"), "--help"],
}


def once(command: list[str]) -> float:
    """Return the seconds one command takes."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def run() -> dict[str, float]:
    """Return ``{command: median seconds}``; each is warmed up once."""
    for command in COMMANDS.values():
        once(command)
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            taken[name].append(once(command))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def main() -> None:
    """Print the table."""
    medians = run()
    peer = medians["octodns-sync --help"]
    print(f"Start-up, median of {ROUNDS} interleaved runs\n")
    print("| command | ms | share of octodns-sync |")
    print("|---|---:|---:|")
    for name, seconds in medians.items():
        print(f"| `{name}` | {seconds * 1000:.0f} | {seconds / peer:.2f} |")


if __name__ == "__main__":
    main()
