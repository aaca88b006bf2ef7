"""Small definitions of matters, valid unless a test breaks them."""
from __future__ import annotations

from typing import Any

import yaml

DEPARTMENT = "1133010600000030X3"


def callback_step(name: str, **settings: Any) -> dict[str, Any]:
    result = {"type": "object", "properties": {"passed": {"type": "boolean"}}}
    return {
        "step": name, "kind": "callback", "title": {"zh": "体检", "en": "Examination"},
        "with": {"source": "hospital", "result": result, **settings},
    }


def notify_step(name: str, template: str) -> dict[str, Any]:
    return {
        "step": name, "kind": "notify", "title": {"zh": "告知", "en": "Notice"},
        "with": {"template": template, "channels": ["inbox"]},
    }


def a_definition(**changes: Any) -> dict[str, Any]:
    """One step that notifies; changes replace its top-level keys."""
    return {
        "format": "zhongtai/matter/1",
        "matter_code": "small-matter",
        "item_code": f"{DEPARTMENT}3330109017001",
        "title": {"zh": "小事项", "en": "A small matter"},
        "department": {"code": DEPARTMENT, "name": {"zh": "示范部门", "en": "Demonstration department"}},
        "applicant": {"kinds": ["person"], "level": 1},
        "guide": {"summary": {"zh": "说明", "en": "Summary"}},
        "form": {"type": "object", "properties": {}},
        "steps": [notify_step("tell", "matter-accepted")],
        **changes,
    }


class WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(definition: dict[str, Any]) -> str:
    return yaml.dump(definition, Dumper=WithoutAliases, allow_unicode=True, sort_keys=False)
