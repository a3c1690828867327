"""The templates and examples are found in every kind of installation."""

import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("build")
pytest.importorskip("hatchling")

ROOT = Path(__file__).parents[2]
WHERE = "from pmsync.config.shipped import *; print(templates_dir()); print(examples_dir())"
EDITABLE = "from hatchling.build import build_editable; build_editable({!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What was built from the repository.

    Attributes:
        wheel: Built from the repository.
        sdist: The source distribution, unpacked.
        from_sdist: The wheel built from the source distribution.
        editable: The wheel of an editable installation.
    """

    wheel: Path
    sdist: Path
    from_sdist: Path
    editable: Path


def run(*arguments: str, cwd: Path = ROOT) -> str:
    """Run Python with the environment of the tests and return what it prints."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build everything, offline."""
    base = tmp_path_factory.mktemp("built")
    build = ("-m", "build", "--no-isolation", "--skip-dependency-check")
    run(*build, "--wheel", "--outdir", str(base / "wheel"), str(ROOT))
    run(*build, "--outdir", str(base / "both"), str(ROOT))
    (base / "editable").mkdir()
    run("-c", EDITABLE.format(str(base / "editable")))
    return Built(
        wheel=_unpacked(base / "wheel", "*.whl"),
        sdist=_unpacked(base / "both", "*.tar.gz"),
        from_sdist=_unpacked(base / "both", "*.whl"),
        editable=_unpacked(base / "editable", "*.whl"),
    )


def _unpacked(folder: Path, pattern: str) -> Path:
    [archive] = folder.glob(pattern)
    target = folder / f"unpacked-{archive.suffix[1:]}"
    if archive.suffix == ".whl":
        zipfile.ZipFile(archive).extractall(target)
    else:
        target.mkdir()
        run("-m", "tarfile", "-e", str(archive), str(target))
    return target


def found_by(code_folder: Path, elsewhere: Path) -> list[Path]:
    """Return both folders as an installation in *code_folder* finds them, run *elsewhere*."""
    # Like a .pth file of an installation: the folder comes first, its own .pth files count.
    code = f"import site, sys; sys.path[:0] = [{str(code_folder)!r}]; site.addsitedir(sys.path[0])"
    return [Path(line) for line in run("-c", f"{code}; {WHERE}", cwd=elsewhere).splitlines()]


def relative_files(folder: Path) -> set[str]:
    """Return the paths of all files below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in found if path.name != ".gitkeep"}


@pytest.mark.parametrize("kind", ["wheel", "from_sdist"])
def test_a_wheel_holds_the_templates_and_examples(built: Built, kind: str, tmp_path: Path) -> None:
    """Also where it was built from the source distribution."""
    folder: Path = getattr(built, kind)
    templates, examples = found_by(folder, tmp_path)
    assert templates == folder / "pmsync" / "_shipped" / "templates"
    assert examples == folder / "pmsync" / "_shipped" / "config"
    assert relative_files(templates) == relative_files(ROOT / "templates")
    assert relative_files(examples) == relative_files(ROOT / "config")


def test_an_editable_installation_reads_the_repositorys_own_folders(
    built: Built, tmp_path: Path
) -> None:
    """So that a changed template shows at once."""
    assert not (built.editable / "pmsync" / "__init__.py").exists()
    assert found_by(built.editable, tmp_path) == [ROOT / "templates", ROOT / "config"]


def test_an_unpacked_source_distribution_works_as_a_repository(
    built: Built, tmp_path: Path
) -> None:
    """Distributions of Linux run the tests from there."""
    [root] = built.sdist.iterdir()
    assert found_by(root / "src", tmp_path) == [root / "templates", root / "config"]


def test_a_broken_installation_says_what_to_do(built: Built, tmp_path: Path) -> None:
    """A package that was copied without its files."""
    [root] = built.sdist.iterdir()
    copied = tmp_path / "copied"
    copied.mkdir()
    (root / "src" / "pmsync").rename(copied / "pmsync")
    code = f"import sys; sys.path[:0] = [{str(copied)!r}]; from pmsync.config.shipped import *\n"
    code += "try:\n    templates_dir()\nexcept Exception as error:\n    print(error)"
    text = run("-c", code, cwd=tmp_path)
    (copied / "pmsync").rename(root / "src" / "pmsync")
    assert "the folder 'templates' that ships with pmsync is missing" in text
    assert "install pmsync again" in text
