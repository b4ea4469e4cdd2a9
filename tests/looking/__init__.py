"""What `tests/look` sees: printed pages, cells that do not show all of their text, characters no font has."""
