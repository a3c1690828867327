"""The whole line over real backlogs, in numbers: issues, calls, named issues, page versions."""

import dataclasses
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import real_input

BACKLOGS = {
    "arrow": (("arrow-01.json", "arrow-02.json", "arrow-versions.json"), "2019-01-01"),
    "titanium": (("titanium-01.json", "titanium-02.json", "titanium-versions.json"), "2015-06-01"),
}


def main() -> None:
    """Print the table; says so where the files are absent."""
    names = [field.name for field in dataclasses.fields(real_input.Walked)]
    print(f"| {' | '.join(name.replace('_', ' ') for name in names)} |")
    print("|" + "---|" * len(names))
    for name, (files, since) in BACKLOGS.items():
        if not real_input.available(*files):
            print(f"| {name}: the files are absent |")
            continue
        with tempfile.TemporaryDirectory() as folder:
            walked = real_input.walk(name, files, Path(folder), since=since)
        values = dataclasses.astuple(walked)
        print("| " + " | ".join(_shown(value) for value in values) + " |")


def _shown(value: object) -> str:
    return f"{value:.0%}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
