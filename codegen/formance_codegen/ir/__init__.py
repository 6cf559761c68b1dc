"""The intermediate representation: a service in wire terms, free of Python names."""
