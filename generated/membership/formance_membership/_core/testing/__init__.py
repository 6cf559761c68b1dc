"""The testing kit: a service in the same process, for the tests of applications."""
