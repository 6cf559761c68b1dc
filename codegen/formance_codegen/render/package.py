"""From file views to the files of a project: rendered, formatted, the runtime beside them."""

from collections.abc import Iterable

from black.parsing import InvalidInput
from jinja2 import Environment, TemplateError

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.render.environment import environment
from formance_codegen.render.formatting import format_piece
from formance_codegen.render.templates import Templates
from formance_codegen.tree import FileTree
from formance_codegen.view.files import FileView


def render(files: Iterable[FileView], package: str, templates: Templates) -> Outcome[FileTree]:
    """Return the tree of a project: every file rendered, and the runtime as it is."""

    def text_of(env: Environment, file: FileView) -> str:
        pieces = [
            _formatted(env.get_template(piece.template).render(view=piece.view), file.path, piece.indent)
            for piece in file.pieces
        ]
        head = env.get_template(file.template).render(view=file.view, pieces=pieces)
        return head if head.endswith("\n") or not head else head + "\n"

    env = environment(templates)
    rendered: list[tuple[str, bytes]] = []
    found: list[Diagnostic] = []
    for file in files:
        try:
            rendered.append((file.path, text_of(env, file).encode()))
        except (TemplateError, InvalidInput) as error:
            found.append(diagnose("invalid-template", f"{file.path} cannot be rendered: {error}"))
    if found:
        return Outcome(value=None, diagnostics=tuple(found))
    runtime = ((f"{package}/_core/{path}", content) for path, content in templates.runtime.items())
    return Outcome(value=FileTree.of((*rendered, *runtime)))


def _formatted(text: str, path: str, indent: int) -> str:
    return format_piece(text, indent) if path.endswith(".py") else text.rstrip("\n")
