"""Import of a department tree from CSV: a report by row, all or nothing, again without effect."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shared_components.kernel.numbers import complete_credit_code
from tests.unit.cli.conftest import Ran, Zhongtai, zhongtai

__all__ = ["zhongtai"]
CREDIT = complete_credit_code("11330106MB0000001")
TREE = f"""部门编码,部门名称,上级部门编码,统一社会信用代码
TAX1,第一分局,TAX,
TAX,税务局,,{CREDIT}
EDU,教育局,,
"""


@pytest.fixture
def run(zhongtai: Zhongtai, tmp_path: Path) -> Any:
    """Runs `zhongtai directory …` on a migrated database with a realm; `text` is put into the file first."""
    assert zhongtai("migrate", "identity").code == 0
    assert zhongtai("directory", "create-realm", "default", "示范市", "--department", "数据局").code == 0

    def run(*arguments: str, text: str | bytes | None = None) -> Ran:
        if text is None:
            return zhongtai("directory", *arguments)
        file = tmp_path / "tree.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return zhongtai("directory", "import", str(file), "--json", *arguments)

    return run


def results(ran: Ran) -> dict[str, str]:
    return {f"{row['line']} {row['code']}": row["result"] for row in ran.data}


def names(run: Any) -> list[str]:
    return [f"{each['level']} {each['name']}" for each in run("tree", "--json").data]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_tree_is_imported_whatever_its_encoding_and_the_order_of_its_rows(run: Any, encoding: str) -> None:
    ran = run(text=TREE.encode(encoding))
    assert (ran.code, results(ran)) == (0, {"2 TAX1": "add", "3 TAX": "add", "4 EDU": "add"})
    assert names(run) == ["0 数据局", "0 税务局", "1 第一分局", "0 教育局"]


def test_the_same_file_again_changes_nothing_and_a_new_one_only_what_differs(run: Any) -> None:
    run(text=TREE)
    assert set(results(run(text=TREE)).values()) == {"unchanged"}
    changed = TREE.replace("第一分局,TAX", "一分局,EDU")
    assert results(run(text=changed)) == {"2 TAX1": "move, rename", "3 TAX": "unchanged", "4 EDU": "unchanged"}


def test_a_dry_run_changes_nothing(run: Any) -> None:
    ran = run("--dry-run", text=TREE)
    assert (ran.code, results(ran)["3 TAX"]) == (0, "add")
    assert names(run) == ["0 数据局"]


@pytest.mark.parametrize(("rows", "line", "said"), [
    ("A,甲,,\nA,乙,,\n", 3, "code stands on 2 lines"),
    ("A,甲,B,\nB,乙,C,\nC,丙,A,\n", 2, "leads back to the row itself"),
    ("A,甲,NOPE,\n", 2, "parent_code is unknown"),
    (f"A,甲,,{CREDIT[:-1]}{'0' if CREDIT[-1] != '0' else '1'}\n", 2, "check character"),
    (f"A,甲,,{CREDIT}\nB,乙,,{CREDIT}\n", 3, "credit code stands on 2 lines"),
    ("A B,甲,,\n", 2, "code has other signs"),
    ("A,<甲>,,\n", 2, "has the character"),
    (",甲,,\n", 2, "code has other signs"),
    ("A,甲,,\nB,甲,,\n", 3, "has an active department of this name"),
])
def test_a_wrong_row_is_told_and_nothing_of_the_file_takes_effect(run: Any, rows: str, line: int, said: str) -> None:
    ran = run(text="code,name,parent_code,credit_code\nZ,其他局,,\n" + rows)
    told = {row["line"]: row["problem"] or "" for row in ran.data}
    assert ran.code == 1 and said in told[line + 1], told
    assert names(run) == ["0 数据局"]


@pytest.mark.parametrize(("content", "said"), [
    (b"name\n\xff\xff\xff\n", "neither UTF-8 nor GB 18030"), (b"name,parent_code\n", "has no column code"),
    (b'code,name\n"A,B\n', "is no CSV"), (b"", "has no column"),
])
def test_a_file_that_is_no_list_of_departments_is_one_line(run: Any, content: bytes, said: str) -> None:
    ran = run(text=content)
    assert ran.code == 2 and said in json.loads(ran.err)["error"]["message"], ran.err


def test_a_swap_of_two_levels_is_imported(run: Any) -> None:
    run(text="code,name,parent_code\nA,甲,\nB,乙,A\n")
    assert run(text="code,name,parent_code\nA,甲,B\nB,乙,\n").code == 0
    assert names(run) == ["0 数据局", "0 乙", "1 甲"]
