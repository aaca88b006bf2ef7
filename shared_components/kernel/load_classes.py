"""How much a method matters in a peak: what must go on, and what operators may switch off for some hours."""
from __future__ import annotations

import re
from dataclasses import dataclass

CLASSES = ("vital", "ordinary", "deferrable")
GROUP = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class LoadClass:
    """vital: never switched off. ordinary: only by its own name. deferrable: by its group's name, too.

    group: of deferrable methods, such as `reports`; empty for the others.
    """

    name: str
    group: str = ""

    def __post_init__(self) -> None:
        if self.name not in CLASSES:
            raise ValueError(f"load class is '{self.name}'; allowed: {', '.join(CLASSES)}")
        if (self.name == "deferrable") != bool(GROUP.fullmatch(self.group)):
            raise ValueError(f"load class '{self.name}' has the group '{self.group}'; a deferrable method has one of "
                             "a-z, 0-9 and -, the others have none")

    def exported(self) -> dict[str, str]:
        return {"name": self.name, **({"group": self.group} if self.group else {})}


VITAL, ORDINARY = LoadClass("vital"), LoadClass("ordinary")
REPORTS, EXPORTS, LISTS = (LoadClass("deferrable", group) for group in ("reports", "exports", "lists"))
