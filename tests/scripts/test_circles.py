"""No file imports, by way of others, itself."""

from pathlib import Path

import circles
import pytest


@pytest.mark.parametrize("root", circles.ROOTS, ids=lambda root: root.parent.name)
def test_there_is_none(root: Path):
    arrows = circles.graph(root)
    assert sum(map(len, arrows.values())) > len(arrows), "most imports are not seen"
    assert circles.circle(arrows) == []


@pytest.mark.parametrize(
    "back",
    [
        "use crate::a::A;",
        "use super::a;",
        "use super::{c, a::A};",
        "fn f(a: &crate::a::A) {}",
        "use crate::A;",
    ],
)
def test_one_is_found_whatever_the_import_looks_like(tmp_path: Path, back: str):
    (tmp_path / "lib.rs").write_text("mod a;\nmod b;\nmod c;\npub use a::A;\n")
    (tmp_path / "a.rs").write_text("use crate::b::B;\n")
    (tmp_path / "b.rs").write_text(f"{back}\n")
    (tmp_path / "c.rs").write_text("#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n")
    loop = circles.circle(circles.graph(tmp_path))
    assert {file.name for file in loop} == {"a.rs", "b.rs"}
    (tmp_path / "b.rs").write_text(f"// {back}\n")
    assert circles.circle(circles.graph(tmp_path)) == []
