"""`make bundle`: all that a network without a package index needs: wheels with checksums, our own, and deploy/.

One folder for each processor below build/bundle. Packages without a wheel are built here, where they are pure Python.
"""
from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "bundle"
PLATFORMS = {
    "x86_64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_12_x86_64",
               "manylinux1_x86_64", "manylinux_2_5_x86_64"),
    "aarch64": ("manylinux_2_28_aarch64", "manylinux_2_26_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
}
LOCKS = ("requirements-build.lock", "requirements.lock")
CHECKSUMS = "SHA256SUMS"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shared_components.devstack.bundle", description=__doc__)
    parser.add_argument("--processor", action="append", choices=sorted(PLATFORMS), default=[])
    options = parser.parse_args(arguments)
    shutil.rmtree(FOLDER, ignore_errors=True)
    pure = FOLDER / "pure"
    try:
        own = _own_wheel(FOLDER / "own")
        built = _without_wheel(pure)
        for processor in options.processor or sorted(PLATFORMS):
            folder = _bundle(processor, own, built)
            count = len(list((folder / "wheels").iterdir()))
            sys.stdout.write(f"{folder.relative_to(ROOT)}: {count} wheels; check them with "
                             f"`sha256sum -c {CHECKSUMS}`\n")
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"pip ended with {error.returncode}: {' '.join(map(str, error.cmd[3:6]))} …\n")
        return 1
    finally:
        shutil.rmtree(pure, ignore_errors=True)
        shutil.rmtree(FOLDER / "own", ignore_errors=True)
    return 0


def _pip(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def _own_wheel(folder: Path) -> Path:
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    return next(folder.glob("zhongtai-*.whl"))


def _without_wheel(folder: Path) -> list[Path]:
    """Build the packages that have no wheel; pure Python serves every processor."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "--require-hashes", "--wheel-dir", folder,
         *(word for lock in LOCKS for word in ("-r", str(ROOT / lock))))
    return [wheel for wheel in folder.glob("*.whl") if wheel.name.endswith("-none-any.whl")]


def _bundle(processor: str, own: Path, built: Sequence[Path]) -> Path:
    folder = FOLDER / f"zhongtai-{processor}"
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    have = {_project(wheel) for wheel in built}
    for wheel in (own, *built):
        shutil.copy(wheel, wheels)
    rest = folder / "rest.lock"
    rest.write_text("".join(_entries(have)), encoding="utf-8")
    platforms = [word for name in PLATFORMS[processor] for word in ("--platform", name)]
    _pip("download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--python-version", "3.11", *platforms,
         "--dest", wheels, "-r", rest)
    rest.unlink()
    for name in (*LOCKS, "LICENSE", "README.md"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns(".env"))
    _write_checksums(folder)
    return folder


def _entries(have: set[str]) -> list[str]:
    """Give the locked packages that are not there yet, with their hashes."""
    found: dict[str, str] = {}
    for lock in LOCKS:
        for entry in _split((ROOT / lock).read_text(encoding="utf-8")):
            name = entry.partition("==")[0].lower().replace("_", "-")
            if name not in have:
                found[name] = entry
    return list(found.values())


def _split(text: str) -> list[str]:
    entries: list[str] = []
    for line in text.splitlines(keepends=True):
        if line[:1].isalnum():
            entries.append(line)
        elif entries and line.strip().startswith("--hash"):
            entries[-1] += line
    # The last hash of an entry needs no continuation.
    return [entry.rstrip().removesuffix("\\").rstrip() + "\n" for entry in entries]


def _project(wheel: Path) -> str:
    return wheel.name.partition("-")[0].lower().replace("_", "-")


def _write_checksums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
