"""Writes docs/reference.md from openapi.yaml; with --check, only says whether it is current."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parent.parent
SOURCE = PROJECT / "openapi.yaml"
PAGE = PROJECT / "docs" / "reference.md"

# The schemas whose properties are options of Remotion.
OPTIONS = ("RenderOptions", "StillOptions")


class Reference:
    def __init__(self, document: dict):
        self.document = document
        self.schemas = document["components"]["schemas"]

    def page(self) -> str:
        info = self.document["info"]
        blocks = [
            f"# {info['title']}: reference",
            "<!-- Generated from openapi.yaml by `make reference`. -->",
            f"[`openapi.yaml`](../openapi.yaml), {info['version']}, as a page.",
            info["description"],
            "Base URL: " + ", ".join(f"`{server['url']}`" for server in self.document["servers"]),
            *self.sign_in(),
            *self.routes(),
            *self.options(),
            *self.bodies(),
            *self.errors(),
        ]
        return "\n\n".join(block.strip() for block in blocks) + "\n"

    def resolved(self, value: dict) -> dict:
        """What a reference leads to, under what stands next to it."""
        if "$ref" not in value:
            return value
        found = self.document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/")]
        return self.resolved(found) | {name: own for name, own in value.items() if name != "$ref"}

    def sign_in(self) -> Iterator[str]:
        yield "## Signing in"
        for scheme in self.document["components"]["securitySchemes"].values():
            yield f"`Authorization: {scheme['scheme'].capitalize()} …`. {scheme['description']}"

    def operations(self) -> Iterator[tuple[str, dict]]:
        for path, item in self.document["paths"].items():
            for method in (name for name in item if name != "parameters"):
                parameters = item.get("parameters", []) + item[method].get("parameters", [])
                yield f"{method.upper()} {path}", item[method] | {"parameters": parameters}

    def routes(self) -> Iterator[str]:
        yield "## Routes"
        rows = ([f"[`{route}`](#{anchor(route)})", operation["summary"]] for route, operation in self.operations())
        yield table(["Route", "Does"], rows)
        for tag in self.document["tags"]:
            yield f"**{tag['name']}.** {tag['description']}"
        everywhere = self.everywhere()
        for route, operation in self.operations():
            yield from self.route(route, operation, everywhere)
        yield "### Answers of every route"
        yield self.responses(everywhere)

    def everywhere(self) -> dict[str, dict]:
        """The responses that all operations have which need a token."""
        of_each = [operation["responses"] for _, operation in self.operations() if not is_for_anybody(operation)]
        return {
            status: response
            for status, response in of_each[0].items()
            if all(others.get(status) == response for others in of_each)
        }

    def route(self, route: str, operation: dict, everywhere: dict[str, dict]) -> Iterator[str]:
        yield f"### {route}"
        yield f"{operation['summary']}. {operation.get('description', '')}"
        if operation["parameters"]:
            parameters = map(self.resolved, operation["parameters"])
            yield table(
                ["Parameter", "In", "Type", "Meaning"],
                ([f"`{p['name']}`", p["in"], self.kind(p["schema"]), meaning(p["schema"] | p)] for p in parameters),
            )
        if body := operation.get("requestBody"):
            [medium] = body["content"].values()
            name = medium["schema"]["$ref"].rsplit("/", 1)[1]
            yield f"The body is {self.link(name)}. Examples:"
            for summary, value in examples(medium):
                if summary:
                    yield f"{summary}:"
                yield fenced(value)
        shared = {} if is_for_anybody(operation) else everywhere
        own = {status: response for status, response in operation["responses"].items() if status not in shared}
        yield self.responses(own)
        if shared:
            yield f"And those [of every route](#{anchor('Answers of every route')})."
        yield from self.success(self.resolved(next(iter(own.values()))))

    def responses(self, responses: dict[str, dict]) -> str:
        resolved = ((status, self.resolved(response)) for status, response in responses.items())
        return table(
            ["Status", "Meaning", "`code`", "Headers"],
            (
                [status, response["description"], codes(response), ", ".join(map(quoted, response.get("headers", {})))]
                for status, response in resolved
            ),
        )

    def success(self, response: dict) -> Iterator[str]:
        for medium in response.get("content", {}).values():
            if "$ref" not in medium["schema"]:
                return
            examples = medium.get("examples") or {"": {"value": medium["example"]}}
            name = medium["schema"]["$ref"].rsplit("/", 1)[1]
            yield f"The answer is a [{name}](#{anchor(name)}):"
            for example in examples.values():
                yield fenced(example["value"])
            return
        yield "The answer has no body."

    def options(self) -> Iterator[str]:
        for name in OPTIONS:
            schema = self.schemas[name]
            yield f"## {schema['title']}"
            yield schema["description"]
            given = {name: without_null(self.resolved(value)) for name, value in schema["properties"].items()}
            yield self.properties({"properties": given}, "Option")
            if reserved := schema.get("x-reserved"):
                yield f"{reserved['description'].strip()} These are: {', '.join(map(quoted, reserved['options']))}."
        yield "[options.md](options.md) has the operator's options too."

    def bodies(self) -> Iterator[str]:
        yield "## Bodies"
        for name, schema in self.schemas.items():
            if "properties" in schema and name not in OPTIONS:
                yield f"### {name}"
                if "description" in schema:
                    yield schema["description"]
                yield self.properties(schema, "Key")

    def properties(self, schema: dict, heading: str) -> str:
        rows = (
            [f"`{name}`", self.kind(value), meaning(self.resolved(value))]
            for name, value in schema["properties"].items()
        )
        return table([heading, "Type", "Meaning"], rows)

    def errors(self) -> Iterator[str]:
        yield "## Errors"
        yield "Each `code`, with an example of its message."
        said = {}
        for _, operation in self.operations():
            for status, response in operation["responses"].items():
                medium = self.resolved(response).get("content", {}).get("application/problem+json")
                for code, example in medium["examples"].items() if medium else ():
                    said[status, code] = self.resolved(example)["value"]["detail"]
        ordered = sorted(said.items(), key=lambda item: item[0][0])
        yield table(["Status", "`code`", "Says"], ([status, quoted(code), text] for (status, code), text in ordered))

    def kind(self, schema: dict) -> str:
        """The type of a value, in words."""
        if schema.get("$ref", "").rsplit("/", 1)[-1] in self.linked():
            return self.link(schema["$ref"].rsplit("/", 1)[1])
        schema = self.resolved(schema)
        if choices := schema.get("anyOf"):
            return " or ".join(self.kind(choice) for choice in choices)
        if "const" in schema:
            return quoted(json.dumps(schema["const"]))
        if "enum" in schema:
            return " ".join("null" if name is None else quoted(name) for name in schema["enum"])
        if "prefixItems" in schema:
            return f"[{', '.join(map(self.kind, schema['prefixItems']))}]"
        if "items" in schema:
            return f"array of {self.kind(schema['items'])}"
        if "properties" in schema:
            keys = (f"`{name}`: {self.kind(value)}" for name, value in schema["properties"].items())
            return f"{{{', '.join(keys)}}}"
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if isinstance(values := schema.get("additionalProperties"), dict):
            types = [f"object of {self.kind(values)}s" if kind == "object" else kind for kind in types]
        return " or ".join(types) + span(schema)

    def link(self, name: str) -> str:
        """A link to the section of a schema. That of options has the schema's title, others its name."""
        title = self.schemas[name]["title"] if name in OPTIONS else name
        return f"[{title}](#{anchor(title)})"

    def linked(self) -> set[str]:
        return {name for name, schema in self.schemas.items() if schema.get("properties")}


def span(schema: dict) -> str:
    """The bounds of a number, without those that only say what a whole number in JSON can be."""
    least, most = schema.get("minimum"), schema.get("maximum")
    bounds = [
        f"at least {least}" if least is not None and least > -(2**52) else "",
        f"above {schema['exclusiveMinimum']}" if "exclusiveMinimum" in schema else "",
        f"at most {most}" if most is not None and most < 2**52 else "",
        f"like `{schema['pattern']}`".replace("|", "\\|") if "pattern" in schema else "",
    ]
    return "".join(f", {bound}" for bound in bounds if bound)


def without_null(schema: dict) -> dict:
    """An option's value where it is given: `null` is treated as if it were left out."""
    lists = {name: schema[name] for name in ("anyOf", "enum", "type") if isinstance(schema.get(name), list)}
    nulls = (None, "null", {"type": "null"})
    return schema | {name: [value for value in values if value not in nulls] for name, values in lists.items()}


def examples(medium: dict) -> Iterator[tuple[str, object]]:
    """The examples of a body, each with its summary."""
    if "example" in medium:
        yield "", medium["example"]
    for example in medium.get("examples", {}).values():
        yield example["summary"], example["value"]


def is_for_anybody(operation: dict) -> bool:
    return operation.get("security") == []


def meaning(schema: dict) -> str:
    default = f" Default: `{json.dumps(schema['default'])}`." if "default" in schema else ""
    return schema.get("description", "").strip() + default


def codes(response: dict) -> str:
    media = response.get("content", {})
    if "application/problem+json" in media:
        return ", ".join(map(quoted, media["application/problem+json"]["examples"]))
    is_gateways = "GatewayMessage" in json.dumps(media)
    return "none: API Gateway's own answer" if is_gateways else ""


def quoted(text: str) -> str:
    return f"`{text}`"


def fenced(value: object) -> str:
    return f"```json\n{json.dumps(value, ensure_ascii=False)}\n```"


def anchor(heading: str) -> str:
    """As GitHub makes it."""
    return "".join(c for c in heading.lower().replace(" ", "-") if c.isalnum() or c in "-_")


def table(heads: list[str], rows: Iterable[list[str]]) -> str:
    def line(cells: list[str]) -> str:
        return f"| {' | '.join(cell.strip().replace(chr(10), ' ') for cell in cells)} |"

    return "\n".join([line(heads), line(["---"] * len(heads)), *map(line, rows)])


if __name__ == "__main__":
    page = Reference(yaml.safe_load(SOURCE.read_text())).page()
    if "--check" not in sys.argv:
        PAGE.write_text(page)
    elif not PAGE.exists() or PAGE.read_text() != page:
        sys.exit("docs/reference.md is not what openapi.yaml says. Run `make reference`.")
