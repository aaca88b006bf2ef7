"""An empty environment with the client's wheel and its dependencies, made offline."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "shared_components" / "client"


def build_wheel(folder: Path) -> Path:
    """Build zhongtai-client from a copy of its sources and those it shares; nothing is fetched."""
    checkout = folder / "checkout"
    shutil.copytree(ROOT / "shared_components", checkout / "shared_components", ignore=shutil.ignore_patterns(
        "__pycache__", "build", "*.egg-info"))
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation",
               "--wheel-dir", str(folder), str(checkout / "shared_components" / "client")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("zhongtai_client-*.whl")
    return wheel


def environment(folder: Path, wheel: Path, *more: str) -> Path:
    """The Python of a new environment: the wheel, what it requires, and `more` distributions."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = (folder / "lib").glob("python*/site-packages")
    install = [sys.executable, "-m", "pip", "-q", "--python", str(folder / "bin" / "python"), "install", "--no-index"]
    subprocess.run([*install, "--no-deps", str(wheel)], check=True, capture_output=True)
    for name in needed(site, "zhongtai-client", *more):
        _copy(name, site)
    return folder / "bin" / "python"


def needed(site: Path, *names: str) -> set[str]:
    """All distributions that these require, of those that are installed here; the wheel's own are read from `site`."""
    waiting, found = list(names), set()
    while waiting:
        name = waiting.pop()
        metadata = next(iter(site.glob(f"{name.replace('-', '_')}-*.dist-info/METADATA")), None)
        own = re.findall(r"(?m)^Requires-Dist: (.+)$", metadata.read_text(encoding="utf-8")) if metadata else None
        for line in own if own is not None else distribution(name).requires or ():
            required = canonical(re.split(r"[\s;\[<>=!~(]", line)[0])
            if "extra ==" not in line and required not in found and _is_here(required):
                found.add(required)
                waiting.append(required)
    return found | {canonical(name) for name in names} - {"zhongtai-client"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_here(name: str) -> bool:
    """A requirement for another platform or Python is not installed."""
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _copy(name: str, site: Path) -> None:
    for entry in distribution(name).files or ():
        source = Path(str(entry.locate()))
        if not entry.parts[0].startswith("..") and source.is_file():
            target = site / entry
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


__all__ = ["build_wheel", "canonical", "environment", "needed"]
