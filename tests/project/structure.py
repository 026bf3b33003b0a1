"""The rules of size, each as a function from source text to what breaks it. import-linter holds the import direction."""

import ast
from collections.abc import Iterable, Iterator

FUNCTION_LINES = 40
ENDPOINT_LINES = 15
FILE_LINES = 250
FILE_LINES_BY_NAME = {
    "app/database/models.py": 400,  # every table in one place
    "app/client/models.py": 3000,  # generated
    "app/client/filters.py": 1000,  # generated
}
VAGUE_FOLDERS = frozenset({"common", "core", "helpers", "lib", "misc", "shared", "utils"})
ROOT_MODULES = frozenset({"__init__.py", "__main__.py", "main.py", "settings.py"})

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


def misplaced_modules(paths: Iterable[str]) -> list[str]:
    """Modules directly in ``app/`` that belong in one of its rooms."""
    return [path for path in paths if path.startswith("app/") and path.count("/") == 1 and path[4:] not in ROOT_MODULES]
