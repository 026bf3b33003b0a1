"""The rules of size and of import direction, each as a function from source text to what breaks it."""

import ast
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

FUNCTION_LINES = 40
ENDPOINT_LINES = 15
FILE_LINES = 250
FILE_LINES_BY_NAME = {
    "app/database/column_types.py": 300,  # every difference between the engines in one place …
    "app/database/models.py": 400,  # … and every table, until they are too long to read
}
VAGUE_FOLDERS = frozenset({"common", "core", "helpers", "lib", "misc", "shared", "utils"})

FOUNDATION = 0
LAYERS = {
    "monitoring": FOUNDATION,
    "facts": 1,
    "companies": 2,
    "metrics": 2,
    "milestones": 2,
    "products": 2,
    "sources": 2,
    "changes": 3,
    "datasets": 3,
    "health": 3,
    "keys": 3,
    "pages": 3,
    "profiles": 3,
    "search": 2,
    "timeline": 3,
    "compare": 3,
    "reconcile": 3,
    "source_facts": 3,
    "stats": 3,
    "curation": 4,
    "history": 3,
    "start": 4,
    "backup": 4,
    "checks": 4,
    "examples": 4,
    "rate_limits": 4,
    "dataset_commands": 5,
    "migrate_command": 5,
    "main": 5,
    "worker": 5,
    "cli": 5,
    "__main__": 6,
}
"""Parts of ``app``, from the ground up; a part imports from its own layer and from those below.

Every other module directly in ``app`` is foundation. Every folder must have a layer here.
"""
COMPOSERS = frozenset({"app.main", "app.cli.main"})
"""The only modules that see routers."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
HTTP_DECORATORS = frozenset({"api_route", "delete", "get", "head", "options", "patch", "post", "put", "route"})


def functions(source: str) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, Function))


def line_count(first: ast.stmt, last: ast.stmt) -> int:
    return (last.end_lineno or last.lineno) - first.lineno + 1


def long_functions(source: str) -> list[str]:
    """Functions of more than 40 lines, signature and docstring included."""
    return [
        f"{node.name} has {line_count(node, node)} lines" for node in functions(source) if line_count(node, node) > FUNCTION_LINES
    ]


def is_endpoint(node: Function) -> bool:
    """Decorated with a method of a router or an application, such as ``@router.get("/v1/companies")``."""
    return any(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in HTTP_DECORATORS
        for call in node.decorator_list
    )


def long_endpoints(source: str) -> list[str]:
    """Endpoint functions whose body has more than 15 lines, docstring not counted."""
    found = []
    for node in filter(is_endpoint, functions(source)):
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        if body and line_count(body[0], body[-1]) > ENDPOINT_LINES:
            found.append(f"{node.name} has a body of {line_count(body[0], body[-1])} lines")
    return found


def long_file(source: str, path: str) -> list[str]:
    lines = len(source.splitlines())
    return [f"has {lines} lines"] if lines > FILE_LINES_BY_NAME.get(path, FILE_LINES) else []


def unannotated(source: str) -> list[str]:
    """Functions with a parameter or a return value of no stated type; ``self`` and ``cls`` need none."""
    found = []
    for node in functions(source):
        every = node.args
        parameters = [*every.posonlyargs, *every.args, *every.kwonlyargs, *filter(None, (every.vararg, every.kwarg))]
        missing = [one.arg for one in parameters if one.annotation is None and one.arg not in {"self", "cls"}]
        missing += [] if node.returns else ["return"]
        found += [f"{node.name}: {name} has no type" for name in missing]
    return found


def vague_folders(folders: Iterable[str]) -> list[str]:
    return [folder for folder in folders if VAGUE_FOLDERS & set(folder.split("/"))]


def imports(source: str) -> set[str]:
    """Dotted names of what is imported from ``app``, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "app"}


def part(module: str) -> str:
    """``app.api.companies.queries`` is of the part ``companies``; the package itself is foundation."""
    return module.removeprefix("app").removeprefix(".").partition(".")[0]


def layer(module: str, folders: frozenset[str]) -> int:
    name = part(module)
    if name in folders and name not in LAYERS:
        raise LookupError(f"app/{name} has no layer in {__name__}.LAYERS")
    return LAYERS.get(name, FOUNDATION)


def wrong_imports(source: str, module: str, folders: frozenset[str]) -> list[str]:
    """Imports from a layer above, of a router, or of another domain's schemas."""
    found = []
    for name in sorted(imports(source)):
        target = name.split(".")
        same_part = part(module) == part(name)
        if layer(name, folders) > layer(module, folders):
            found.append(f"{name} is of a layer above")
        if "router" in target and module not in COMPOSERS and not same_part:
            found.append(f"{name}: only {' and '.join(sorted(COMPOSERS))} see routers")
        if "schemas" in target and not same_part and layer(name, folders) == layer(module, folders):
            found.append(f"{name} belongs to another domain")
    return found


def circular_imports(sources: dict[str, str]) -> list[str]:
    """A way round from a module to itself; ``sources`` maps module names to their text."""
    graph = {module: {_module(name, sources) for name in imports(source)} - {module, ""} for module, source in sources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" → ".join(error.args[1])]
    return []


def _module(name: str, sources: dict[str, str]) -> str:
    """``app.values.dates.FactDate`` is a name in the module ``app.values.dates``; what is no module of ``app`` is empty."""
    return next((candidate for candidate in (name, name.rpartition(".")[0]) if candidate in sources), "")
