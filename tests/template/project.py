"""The project's files, parsed."""

import copy
import functools
import itertools
import json
import re
from pathlib import Path

from samcli.yamlhelper import yaml_parse

PROJECT = Path(__file__).resolve().parents[2]


def template() -> dict:
    """The template, with every short form (`!Ref x`) in its long one (`{"Ref": "x"}`). A new one each time."""
    return json.loads(_template())


@functools.cache
def _template() -> str:
    return json.dumps(yaml_parse((PROJECT / "template.yaml").read_text()))


def without(document: dict, *path) -> dict:
    """A copy that lacks what is at the path."""
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return changed


def resources(document: dict, kind: str) -> dict[str, dict]:
    return {name: resource for name, resource in document["Resources"].items() if resource["Type"] == kind}


def function(document: dict, name: str) -> dict:
    """The properties of a function, with what it shares with the others."""
    shared = document["Globals"]["Function"]
    own = document["Resources"][name]["Properties"]
    variables = shared["Environment"]["Variables"] | own["Environment"]["Variables"]
    return shared | own | {"Environment": {"Variables": variables}}


def references(value) -> set[str]:
    """The names of all that a value refers to, by Ref, Fn::GetAtt, Fn::Sub, or as a condition."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, inner in value.items():
        if key in ("Ref", "Condition") and isinstance(inner, str):
            found.add(inner)
        elif key == "Fn::GetAtt":
            found.add(inner[0] if isinstance(inner, list) else inner.split(".")[0])
        elif key == "Fn::Sub":
            text = inner if isinstance(inner, str) else inner[0]
            found |= {part.split("}")[0].split(".")[0] for part in text.split("${")[1:]}
            found |= references(inner)
        elif key == "Fn::If":
            found.add(inner[0])
            found |= references(inner[1:])
        else:
            found |= references(inner)
    return found


def resolved(value, names: dict[str, str], conditions: dict[str, bool] | None = None):
    """What CloudFormation makes of a value, by what its names stand for and which conditions hold."""
    if isinstance(value, list):
        return [resolved(inner, names, conditions) for inner in value]
    if not isinstance(value, dict):
        return value
    ((function, argument),) = value.items()
    match function:
        case "Ref":
            return names[argument]
        case "Fn::GetAtt":
            return names[argument if isinstance(argument, str) else ".".join(argument)]
        case "Fn::If":
            return resolved(argument[1 if conditions[argument[0]] else 2], names, conditions)
        case "Fn::Sub":
            text, local = argument if isinstance(argument, list) else (argument, {})
            known = names | {name: resolved(inner, names, conditions) for name, inner in local.items()}
            return re.sub(r"\$\{([\w:]+)}", lambda name: str(known[name[1]]), text)
        case "Fn::Split":
            return resolved(argument[1], names, conditions).split(argument[0])
        case "Fn::Equals":
            first, second = resolved(argument, names, conditions)
            return first == second
        case "Fn::Not":
            return not resolved(argument[0], names, conditions)
        case "Fn::And":
            return all(resolved(argument, names, conditions))
        case "Fn::Or":
            return any(resolved(argument, names, conditions))
        case "Condition":
            return conditions[argument]
        case "Fn::Select":
            return resolved(argument[1], names, conditions)[argument[0]]
        case "Fn::FindInMap":
            mapping, row, column = resolved(argument, names, conditions)
            return template()["Mappings"][mapping][row][column]
    raise NotImplementedError(function)


def table(page: str, heading: str, number: int = 1) -> list[list[str]]:
    """The cells of the first table, or a later one, under a heading of a page in docs/, without the table's own head."""
    lines = (PROJECT / "docs" / page).read_text().splitlines()
    under = lines[next(at for at, line in enumerate(lines) if line.lstrip("#") == f" {heading}") + 1 :]
    section = itertools.takewhile(lambda line: not line.startswith("#"), under)
    blocks = [
        list(rows) for is_table, rows in itertools.groupby(section, lambda line: line.startswith("|")) if is_table
    ]
    return [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in blocks[number - 1][2:]]


def code_of_the_function() -> dict[Path, str]:
    """The text of each file of the function, without its own tests."""
    return {
        path.relative_to(PROJECT): path.read_text().split("#[cfg(test)]")[0]
        for path in sorted((PROJECT / "src").rglob("*.rs"))
    }


def range_in_the_code(constant: str) -> range:
    """The numbers that the function takes for a variable: a constant of `src/bounds.rs`."""
    code = (PROJECT / "src" / "bounds.rs").read_text()
    (numbers,) = re.findall(rf"const {constant}: [^=]+= ([\d_]+\.\.=[\d_]+);", code)
    first, last = (int(number.replace("_", "")) for number in numbers.split("..="))
    return range(first, last + 1)
