"""Readers: one module a source, one pattern for all.

A reader changes names and units and nothing else: a reported zero stays a zero, nothing is dropped,
inferred or summed, and every row keeps the number that a spreadsheet shows for it. `ghgrp` is the
one to copy.
"""
