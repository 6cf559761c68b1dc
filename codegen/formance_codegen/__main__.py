"""Runs the command line as `python -m formance_codegen`."""

from formance_codegen.cli.app import main

if __name__ == "__main__":
    main(prog_name="formance-codegen")
