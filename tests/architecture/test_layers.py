"""Imports go one way, and every package takes part."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT, Module, imported, modules, project

#: Folders with Python in them that are no part of the product: nothing of the product may import them.
NOT_SHIPPED = {"tests", "benchmarks"}
MACHINE = "workflows/machine.py"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the packages in `folder` against the project's import contracts."""
    program = Path(sysconfig.get_path("scripts")) / "lint-imports"
    command: list[str | Path] = [program, "--no-cache", "--no-logo", "--config", ROOT / "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def toy_product(tmp_path: Path) -> Path:
    """Four packages like ours that keep to the contracts."""
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "service" / "storage.py").touch()
    (tmp_path / MACHINE).write_text("import transitions\n")
    (tmp_path / "workers" / "clock.py").write_text("import service\nimport workflows.machine\n")
    return tmp_path


def test_every_top_level_package_is_in_every_list_of_packages() -> None:
    here = {init.parent.name for init in ROOT.glob("*/__init__.py")} - NOT_SHIPPED
    tools = project()["tool"]
    linter = tools["importlinter"]

    assert here == set(PACKAGES)
    assert here == set(linter["root_packages"])
    assert here == set(next(contract["layers"] for contract in linter["contracts"] if contract["type"] == "layers"))
    assert here == set(tools["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert here == set(tools["coverage"]["run"]["source_pkgs"])


def test_the_product_keeps_the_import_contracts() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


def test_the_toy_product_keeps_the_import_contracts(toy_product: Path) -> None:
    result = lint_imports(toy_product)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("workflows/rule.py", "import service", "layers"),
        ("service/page.py", "import workers", "layers"),
        ("diagrams/picture.py", "from service import storage", "layers"),
        ("workflows/rule.py", "import sqlalchemy", "pure-rules"),
        ("workflows/rule.py", "from transitions import Machine", "one-machine"),
        ("diagrams/picture.py", "import transitions", "one-machine"),
    ],
)
def test_an_import_against_a_contract_breaks_it(toy_product: Path, file: str, line: str, contract: str) -> None:
    names = {entry["id"]: entry["name"] for entry in project()["tool"]["importlinter"]["contracts"]}
    (toy_product / file).write_text(f"{line}\n")

    assert f"{names[contract]} BROKEN" in lint_imports(toy_product).stdout


@pytest.mark.parametrize(
    "module", [module for module in modules() if module.package == "workflows"], ids=lambda m: m.path
)
def test_a_rule_imports_the_standard_library_msgspec_and_pydantic_alone(module: Module) -> None:
    allowed = {"workflows", "msgspec", "pydantic", "pydantic_core", *sys.stdlib_module_names}
    if module.path == MACHINE:
        allowed |= {"transitions"}

    assert imported(module.tree) <= allowed


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.path)
def test_the_product_does_not_import_its_tests(module: Module) -> None:
    assert not imported(module.tree) & NOT_SHIPPED
