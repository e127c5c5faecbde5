"""Writes the templates of a release into a folder, one for each processor: what each deploys is that processor's zip.

usage: python dev/release_templates.py FOLDER ARCHITECTURE...
"""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

SOURCE = "    CodeUri: .\n"
CHOICE = "    Default: arm64\n    AllowedValues: [arm64, x86_64]\n"


def release_template(architecture: str) -> str:
    """The project's template, bound to a processor: nobody can deploy the other one's zip by a parameter."""
    text = (PROJECT / "template.yaml").read_text()
    for old, new in {
        SOURCE: f"    CodeUri: remotion-render-api-{architecture}.zip\n",
        CHOICE: f"    Default: {architecture}\n    AllowedValues: [{architecture}]\n",
    }.items():
        if text.count(old) != 1:
            raise SystemExit(f"template.yaml has this {text.count(old)} times instead of once:\n{old}")
        text = text.replace(old, new)
    return text


if __name__ == "__main__":
    folder, *architectures = sys.argv[1:]
    for name in architectures:
        (Path(folder) / f"template-{name}.yaml").write_text(release_template(name))
