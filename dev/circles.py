"""Whether files import each other in a circle: `python dev/circles.py`, of the function and of the client crate.

An import is a path that begins with `crate`, `super` or `self`, in code that is not a test. It leads to the file of the longest
part of the path that is a module; a name that the crate's root hands on leads to the file that the root has it from.
"""

import re
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ROOTS = [PROJECT / "src", PROJECT / "crates" / "remotion-lambda" / "src"]

Module = tuple[str, ...]


def modules(root: Path) -> dict[Module, Path]:
    """Each file by its module's path. The crate's root is the module with no name."""
    found = {}
    for file in sorted(root.rglob("*.rs")):
        module = file.relative_to(root).with_suffix("").parts
        found[() if module == ("lib",) else module] = file
    return found


def imports(module: Module, code: str) -> set[Module]:
    """The paths that a module names, from the crate's root."""
    code = code.partition("#[cfg(test)]")[0]
    code = re.sub(r"//.*", "", code)
    # A file's own modules are declared in it; that is no import.
    code = re.sub(r"\bmod \w+;", "", code)
    paths = set()
    for start, rest in re.findall(r"\b(crate|super(?:::super)*|self)::((?:\w+::)*(?:\w+|\{))", code):
        above = () if start == "crate" else module[: len(module) - start.count("super")]
        # A group in braces is read below.
        if not rest.endswith("{"):
            paths.add((above, rest))
    resolved = {above + tuple(rest.split("::")) for above, rest in paths}
    # What stands in braces: `use super::{key, record::Render}`.
    for start, prefix, group in re.findall(
        r"\b(crate|super(?:::super)*|self)::((?:\w+::)*)\{((?:[^{}]|\{[^{}]*\})*)\}", code
    ):
        above = () if start == "crate" else module[: len(module) - start.count("super")]
        outer = tuple(filter(None, prefix.split("::")))
        for inner in re.split(r",(?![^{]*\})", group):
            name = tuple(filter(None, re.split(r"::", inner.split("{")[0].split(" as ")[0].strip())))
            resolved.add(above + outer + name)
    # `use claim::Claim` in a file that declares `mod claim`.
    for path in re.findall(r"\buse ((?:\w+::)+)", code):
        names = tuple(filter(None, path.split("::")))
        if names[0] not in ("crate", "super", "self"):
            resolved.add(module + names)
    return resolved


def handed_on(code: str) -> dict[str, Module]:
    """What the crate's root re-exports, by name: where it comes from."""
    found = {}
    for prefix, name, group in re.findall(r"\bpub use ((?:\w+::)+)(?:(\w+)|\{([^{}]*)\});", code):
        for each in [name] if name else re.split(r",\s*", group.strip().rstrip(",")):
            found[each] = (*prefix.strip(":").split("::"), each)
    return found


def graph(root: Path) -> dict[Path, set[Path]]:
    """Which file imports which. The root is left out: it declares everything, and what is named by it has a file of its own."""
    files = modules(root)
    ours = handed_on(files.pop(()).read_text())
    files.pop(("main",), None)
    arrows = {}
    for module, file in files.items():
        targets = set()
        for named in imports(module, file.read_text()):
            path = named if named[:1] in files else ours.get("".join(named[:1]), ())
            parts = (path[:length] for length in range(len(path), 0, -1))
            if within := next((part for part in parts if part in files), None):
                targets.add(files[within])
        arrows[file] = targets - {file}
    return arrows


def circle(arrows: dict[Path, set[Path]]) -> list[Path]:
    """Files that import each other in a loop, each with the next; none where there is no such loop."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1][::-1]
    return []


def main() -> None:
    found = False
    for root in ROOTS:
        arrows = graph(root)
        while loop := circle(arrows):
            found = True
            print(" -> ".join(str(file.relative_to(root)) for file in loop), "in", root.relative_to(PROJECT))
            arrows[loop[0]].discard(loop[1])
    sys.exit(found)


if __name__ == "__main__":
    main()
