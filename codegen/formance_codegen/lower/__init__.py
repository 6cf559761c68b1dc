"""Lowering: a validated document becomes the intermediate representation, in wire terms."""
