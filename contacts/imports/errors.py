"""What can go wrong before the first row is looked at."""


class ReadingError(Exception):
    """A file that cannot be read as a table. `str()` is a sentence for the person who chose the file."""
