"""The command `formance-codegen`, which imports a command only when it runs."""

import click

from formance_codegen import __version__


class _Commands(click.Group):
    """Finds each command in its own module, so that asking for the version stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        del ctx
        return ["build", "diff", "generate", "init", "inspect", "lint", "update", "vendor"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None where there is none of that name."""
        del ctx
        match cmd_name:
            case "build":
                from formance_codegen.cli.build import build

                return build
            case "diff":
                from formance_codegen.cli.diff import diff

                return diff
            case "generate":
                from formance_codegen.cli.generate import generate

                return generate
            case "init":
                from formance_codegen.cli.init import init

                return init
            case "inspect":
                from formance_codegen.cli.inspect import inspect

                return inspect
            case "lint":
                from formance_codegen.cli.lint import lint

                return lint
            case "update":
                from formance_codegen.cli.update import update

                return update
            case "vendor":
                from formance_codegen.cli.vendor import vendor

                return vendor
            case _:
                return None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version=__version__, prog_name="formance-codegen")
def main() -> None:
    """Make typed, sync and async Python clients from OpenAPI documents."""
