"""The examples in docstrings give what they say."""

import doctest
import importlib
import pkgutil

import pytest

PACKAGES = ("data", "geo", "messages", "presentation", "reports", "scoring", "store", "ui")


def modules():
    for package in PACKAGES:
        found = importlib.import_module(package)
        for entry in pkgutil.walk_packages(found.__path__, f"{package}."):
            if "__main__" not in entry.name and "migrations" not in entry.name:
                yield entry.name


@pytest.mark.parametrize("name", list(modules()))
def test_examples_of(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    tests = [t for name in modules() for t in finder.find(importlib.import_module(name))]
    assert sum(bool(t.examples) for t in tests) > 20
