"""Prose that does not stand in Markdown, for the prose linter: writes each source's words to target/prose/, on the lines where they are.

In Rust and TypeScript these are the comments, and the strings that read as a sentence; in YAML the comments and descriptions.
"""

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
INTO = PROJECT / "target" / "prose"

SOURCES = [
    "openapi.yaml",
    "template.yaml",
    "src/**/*.rs",
    "crates/remotion-lambda/src/**/*.rs",
    "page/src/**/*.ts*",
    "clients/*/src/**/*.ts*",
]
OF_YAML = {"summary", "description", "Description", "ConstraintDescription", "AssertDescription", "AlarmDescription"}

COMMENT = re.compile(r"^\s*(?:///|//!|//|/\*\*|\*/|\*|#)\s?(.*?)(?:\*/)?$")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'|`([^`]*)`')
# The words between the tags of a page.
ELEMENT = re.compile(r">([^<>{}=;()]*[a-z]{2} [^<>{}=;()]*)<")


def words_of_code(text: str) -> Iterator[str]:
    """Each line's words, or nothing."""
    for line in text.splitlines():
        if comment := COMMENT.match(line):
            yield comment[1]
            continue
        code, _, behind = line.partition(" // ")
        said = ["".join(groups) for groups in STRING.findall(code)] + ELEMENT.findall(code)
        yield ". ".join([part for part in said if is_sentence(part)] + [behind.strip()] * bool(behind))


def is_sentence(text: str) -> bool:
    return len(re.findall(r"[A-Za-z]{2,}", text)) >= 2 and " " in text


def words_of_yaml(text: str) -> list[str]:
    """The descriptions, each from the line of its key on; and the comments."""
    lines = [line.partition("# ")[2] if line.lstrip().startswith("# ") else "" for line in text.splitlines()]
    lines += [""] * 20

    def walk(node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value in OF_YAML and isinstance(value, yaml.ScalarNode):
                    for offset, line in enumerate(value.value.splitlines()):
                        lines[value.start_mark.line + offset] = line
                else:
                    walk(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                walk(value)

    walk(yaml.compose(text))
    return lines


def as_markdown(lines: Iterable[str]) -> str:
    """A line of words stays in its place; what Markdown would take for code or a heading does not."""
    return "\n".join(line.strip().lstrip("#>-+=") for line in lines) + "\n"


def words(path: Path, text: str) -> str:
    """The words of a source."""
    return as_markdown(words_of_yaml(text) if path.suffix == ".yaml" else words_of_code(text))


def main() -> None:
    shutil.rmtree(INTO, ignore_errors=True)
    for path in sorted(found for pattern in SOURCES for found in PROJECT.glob(pattern)):
        if ".test." not in path.name:
            into = INTO / f"{path.relative_to(PROJECT)}.md"
            into.parent.mkdir(parents=True, exist_ok=True)
            into.write_text(words(path, path.read_text()))


if __name__ == "__main__":
    main()
