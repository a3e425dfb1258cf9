"""The version, in a place that anything may import."""

from importlib.metadata import version

__version__ = version("comingclean")
