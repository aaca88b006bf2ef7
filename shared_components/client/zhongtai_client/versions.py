"""One environment has one version: the platform and its client share files."""
from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def check_versions() -> None:
    """Raises ImportError when the platform is installed beside, in another version."""
    found = {name: known for name in ("zhongtai-client", "zhongtai") if (known := _version(name)) is not None}
    if len(set(found.values())) > 1:
        told = ", ".join(f"{name} {number}" for name, number in found.items())
        raise ImportError(f"installed are {told}; they share files, so one version of both is allowed. "
                          "二者共用文件，必须安装同一版本。")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
