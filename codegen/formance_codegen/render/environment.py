"""The Jinja environment of the package templates: strict, without filters or globals of our own."""

from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined

from formance_codegen.render.templates import Templates


def environment(templates: Templates) -> Environment:
    """Return an environment in which every undefined name is an error."""
    return _environment(tuple(sorted(templates.package.items())))


# To compile the templates takes longer than to render a small client.
@lru_cache(maxsize=2)
def _environment(sources: tuple[tuple[str, str], ...]) -> Environment:
    return Environment(
        loader=DictLoader(dict(sources)),
        undefined=StrictUndefined,
        # What is rendered is Python, TOML and Markdown; views have made each text safe for its place.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
