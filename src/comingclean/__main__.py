"""`python -m comingclean` is the command."""

from comingclean.cli import main

main()
