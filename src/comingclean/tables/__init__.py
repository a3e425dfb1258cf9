"""The tables of the database, a module each subject; `comingclean.model` has them all."""
