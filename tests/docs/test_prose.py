"""The prose linter reports each phrase that has once had to be corrected, wherever people read it."""

import json
import subprocess
from pathlib import Path

import pytest
from pages import PROJECT
from prose.extract import words

PROSE = PROJECT / "dev" / "prose"

WRONG = [
    "The caller is whom API Gateway has verified; headers say nothing.",
    "Its name is known; headers say nothing.",
    "An empty one counts as unset.",
    "The function's own version: an upgrade heals by itself.",
    "API Gateway makes no such one.",
    "A test tries other things in vain.",
    "The value is none of h264 and h265.",
    "This route takes GET.",
    "Those of a call.",
    "This is no value.",
    "Here should be a colon.",
    "The codec is for sound alone.",
    "It starts anew.",
    "A function beside it.",
    "A request of a caller's.",
    "They are told lest they ask.",
    "`null` is as good as leaving it out.",
    "Nothing secret belongs into it.",
    "One has no need of that any more; it is no render any more.",
    "A key of one's own.",
]
RIGHT = [
    "Identity comes only from claims that API Gateway has verified; headers are ignored.",
    "An empty variable is treated as unset.",
    "An upgraded function is picked up automatically.",
    "API Gateway does not send such an event.",
    "Tests check that other calls are refused.",
    "The value must be one of h264 and h265.",
    "The allowed methods are GET.",
    "The errors of a call.",
    "This is not a JSON value.",
    "Add a colon here.",
    "The codec is audio only.",
    "A page of a user's list.",
    "The code says `in vain` and `none of them`, which is not prose.",
]


def reported(*files: Path) -> dict[str, list[str]]:
    """The messages, by the name of the file."""
    options = ["--config", PROSE / "textlintrc.json", "--rulesdir", PROSE / "rules", "--format", "json"]
    command = [PROSE / "node_modules" / ".bin" / "textlint", *options, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    results = json.loads(done.stdout or "[]")
    return {Path(result["filePath"]).name: [each["message"] for each in result["messages"]] for result in results}


@pytest.fixture(scope="module")
def wrong(tmp_path_factory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("wrong")
    files = {sentence: folder / f"{number}.md" for number, sentence in enumerate(WRONG)}
    for sentence, file in files.items():
        file.write_text(f"# A page\n\n{sentence}\n")
    found = reported(*files.values())
    return {sentence: found.get(file.name, []) for sentence, file in files.items()}


@pytest.mark.parametrize("sentence", WRONG)
def test_a_wrong_sentence_is_reported(wrong: dict[str, list[str]], sentence: str):
    assert wrong[sentence]


def test_right_sentences_are_not(tmp_path: Path):
    page = tmp_path / "right.md"
    page.write_text("\n\n".join(RIGHT))
    assert not any(reported(page).values())


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("src/error.rs", '    #[error("The value is none of them.")]\n'),
        ("src/error.rs", "    /// Those of a call.\n"),
        ("page/src/words.ts", "const text = 'This is no value.'\n"),
        ("page/src/words.tsx", "\t\t<p>This is no value.</p>\n"),
        ("openapi.yaml", "info:\n  description: |\n    The first line.\n    This is no value.\n"),
        ("template.yaml", "Parameters:\n  A:\n    Description: >-\n      This is\n      no value.\n"),
        ("template.yaml", "Parameters:\n  A:\n    ConstraintDescription: this is no value\n"),
    ],
)
def test_words_are_found_in_each_kind_of_source(tmp_path: Path, name: str, source: str):
    page = tmp_path / "extracted.md"
    page.write_text(words(Path(name), source))
    assert any(reported(page).values())
