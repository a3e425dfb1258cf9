"""What a finished database is asked, a module each subject; `comingclean.checks` asks all of it."""
