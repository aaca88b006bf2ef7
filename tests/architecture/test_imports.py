"""Each of import-linter's contracts catches a planted violation; that the code keeps them, `make lint` says."""
from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, python_files

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
BUS_SHELVES = ("server", "client", "amqp", "deployment", "errors")
RUNNING = (
    "runtime", "configuration", "devstack", "amqp_proxy", "evidence_log", "webhooks", "material_store", "typesetting",
    "seals")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
WITH_TOPICS = [one["id"].removesuffix("-topics") for one in CONTRACTS if one["id"].endswith("-topics")]
CLEAN = {
    **{f"services/{name}/service.py": "" for name in WITH_TOPICS},
    "services/alpha/service.py": "import services.alpha.usecases\nimport shared_components.bus\n",
    "services/alpha/schemas.py": "import marshmallow\n",
    "services/alpha/usecases.py": "import services.alpha.domain\n",
    "services/alpha/domain.py": "import shared_components.kernel\n",
    "services/alpha/sandbox.py": "",
    "services/identity/service.py": "import services.identity.subjects.entrypoints\n",
    "services/identity/subjects/entrypoints.py": "import services.identity.subjects.usecases\n",
    "services/identity/subjects/usecases.py": "import services.identity.subjects.domain\n",
    "services/identity/subjects/domain.py": "import shared_components.kernel\n",
    "services/identity/directory/usecases.py": "import services.identity.subjects.domain\n",
    "services/matter/kinds/__init__.py": "import services.matter.cases.usecases\n",
    "services/matter/cases/usecases.py": "",
    "services/notification/messages/usecases.py": "import services.notification.templates.usecases\n",
    "services/notification/templates/usecases.py": "import services.notification.common\n",
    "services/notification/common/__init__.py": "",
    "services/payment/service.py": "import services.payment.orders.entrypoints\n",
    "services/payment/orders/entrypoints.py": "import services.payment.orders.usecases\n",
    "services/payment/orders/adapters.py": "import services.payment.orders.models\n",
    "services/payment/orders/models.py": "import services.payment.common.models\n",
    "services/payment/orders/usecases.py": "import services.payment.fees.domain\n",
    "services/payment/fees/domain.py": "",
    "services/payment/common/models.py": "",
    "services/payment/receipts/usecases.py": "import services.payment.orders.usecases\n",
    "services/payment/webhooks/usecases.py": "",
    "services/beta/service.py": "",
    "shared_components/bus/__init__.py": "import shared_components.kernel\n",
    **{f"shared_components/bus/{name}/__init__.py": "" for name in BUS_SHELVES},
    "shared_components/bus/green/__init__.py": "import eventlet\n",
    **{f"shared_components/{name}/__init__.py": "" for name in ("kernel", "contracts", "security", "observability")},
    "shared_components/security/authority/__init__.py": "import shared_components.kernel\n",
    **{f"shared_components/{name}/__init__.py": "" for name in ("db", "testing", "cli", "inproc", "http", "pages")},
    **{f"shared_components/{name}/__init__.py": "" for name in RUNNING},
}


def lint(folder: Path) -> str:
    command = [str(LINT_IMPORTS), "--no-logo", "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def plant(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        for parent in path.parents:
            if parent != folder and folder in parent.parents and not (parent / "__init__.py").exists():
                (parent / "__init__.py").write_text("")
    return folder


def test_a_clean_house_passes(tmp_path: Path) -> None:
    assert lint(plant(tmp_path, CLEAN)) == ""


ROOMS = "the rooms of a service point inward"
TOPIC_ROOMS = "the rooms of a topic point inward"
TOPICS = "a topic of identity imports only those before it"
TOPICS_OF_MATTER = "a topic of matter imports only those before it"
TOPICS_OF_PAYMENT = "a topic of payment imports only those before it"
DECISION = "the decision knows the kernel only"
PURE = "domain, use cases and kernel know no framework"


@pytest.mark.parametrize(
    ("path", "content", "contract"),
    [
        ("services/alpha/usecases.py", "import services.alpha.service", ROOMS),
        ("services/alpha/service.py", "import services.alpha.sandbox", ROOMS),
        ("services/identity/subjects/usecases.py", "import services.identity.subjects.entrypoints", TOPIC_ROOMS),
        ("services/identity/subjects/domain.py", "import services.identity.subjects.usecases", TOPIC_ROOMS),
        ("services/identity/subjects/usecases.py", "import services.identity.directory.usecases", TOPICS),
        ("services/identity/subjects/domain.py", "import services.identity.service", TOPICS),
        ("services/identity/attic/__init__.py", "", TOPICS),
        ("services/notification/templates/usecases.py", "import services.notification.messages.usecases",
         "a topic of notification imports only those before it"),
        ("services/matter/kinds/__init__.py", "import services.matter.service", TOPICS_OF_MATTER),
        ("services/matter/cases/usecases.py", "import services.matter.kinds", TOPICS_OF_MATTER),
        ("services/matter/kinds/__init__.py", "import sqlalchemy", PURE),
        ("services/identity/subjects/domain.py", "import sqlalchemy", PURE),
        ("services/payment/orders/usecases.py", "import services.payment.orders.adapters", TOPIC_ROOMS),
        ("services/payment/fees/domain.py", "import services.payment.orders.usecases", TOPICS_OF_PAYMENT),
        ("services/payment/orders/usecases.py", "import services.payment.receipts.usecases", TOPICS_OF_PAYMENT),
        ("services/payment/webhooks/usecases.py", "import services.payment.receipts.usecases", TOPICS_OF_PAYMENT),
        ("services/payment/common/models.py", "import services.payment.fees.domain", TOPICS_OF_PAYMENT),
        ("services/payment/orders/entrypoints.py", "import services.payment.service", TOPICS_OF_PAYMENT),
        ("services/payment/attic/__init__.py", "", TOPICS_OF_PAYMENT),
        ("services/alpha/service.py", "import services.beta.service", "no service imports another"),
        ("services/alpha/domain.py", "import sqlalchemy", PURE),
        ("services/alpha/usecases.py", "import shared_components.bus", PURE),
        ("shared_components/kernel/__init__.py", "import marshmallow", PURE),
        ("shared_components/security/authority/__init__.py", "import sqlalchemy", DECISION),
        ("shared_components/security/authority/__init__.py", "import shared_components.db", DECISION),
        ("shared_components/cli/main.py", "import services.alpha.service", "shared components know no service"),
        ("shared_components/db/__init__.py", "import shared_components.bus", "the layers of the shared components"),
        ("shared_components/attic/__init__.py", "", "the layers of the shared components"),
        ("services/alpha/service.py", "import eventlet", "eventlet is imported by bus/green"),
        ("shared_components/cli/__init__.py", "import eventlet", "eventlet is imported by bus/green"),
        ("shared_components/bus/client/__init__.py", "import eventlet", "eventlet is imported by bus/green"),
        ("shared_components/bus/amqp/__init__.py", "import shared_components.bus.client", "the shelves of the bus"),
        ("shared_components/bus/attic/__init__.py", "", "the shelves of the bus"),
        ("shared_components/runtime/__init__.py", "import shared_components.cli", "the layers of the shared"),
    ],
)
def test_a_planted_violation_is_caught(tmp_path: Path, path: str, content: str, contract: str) -> None:
    output = lint(plant(tmp_path, {**CLEAN, path: content + "\n"}))
    broken = [line for line in output.splitlines() if "BROKEN" in line]
    # import-linter wraps long names in its report.
    assert contract[:40] in " ".join(broken), output


def test_the_list_of_those_who_may_not_import_eventlet_is_complete() -> None:
    listed = next(contract for contract in CONTRACTS if contract["id"] == "eventlet")["source_modules"]
    packages = {f"shared_components.{path.parent.name}" for path in (ROOT / "shared_components").glob("*/__init__.py")}
    bus = (ROOT / "shared_components/bus").glob("*/__init__.py")
    shelves = {f"shared_components.bus.{path.parent.name}" for path in bus}
    assert (packages - {"shared_components.bus"}) | (shelves - {"shared_components.bus.green"}) <= set(listed)


def imports_of(path: Path, tree: ast.Module, modules: Mapping[str, Path]) -> Iterator[str]:
    """The modules of this repository that a file imports, those for the type checker included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                found = inner if inner in modules else node.module
                if found in modules:
                    yield found


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Every set of modules that reach each other (Tarjan's strongly connected components), sorted."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in graph[module]:
            if other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            at = stack.index(module)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for module in graph:
        if module not in order:
            visit(module)
    return sorted(found)


def module_graph(root: Path) -> dict[str, set[str]]:
    trees = {path: tree for folder in ("services", "shared_components") for path, tree in python_files(root / folder)}
    modules = {".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path for path in trees}
    return {
        # A package's __init__ gives names of its modules; what counts is the module that has them.
        module: set() if path.name == "__init__.py" else set(imports_of(path, trees[path], modules)) - {module}
        for module, path in modules.items()
    }


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(module_graph(ROOT)) == []


def test_a_circle_that_only_the_type_checker_sees_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {
        "services/alpha/first.py": "from services.alpha import second\n",
        "services/alpha/second.py": "if TYPE_CHECKING:\n    from services.alpha.third import Third\n",
        "services/alpha/third.py": "import services.alpha.first\n",
        "shared_components/__init__.py": "",
    })
    circle = [f"services.alpha.{name}" for name in ("first", "second", "third")]
    assert circles(module_graph(tmp_path)) == [circle]


def test_every_module_starts_with_what_it_is_for() -> None:
    for folder in ("services", "shared_components"):
        for path, tree in python_files(ROOT / folder):
            assert not tree.body or ast.get_docstring(tree), f"{path.relative_to(ROOT)} has no docstring"
