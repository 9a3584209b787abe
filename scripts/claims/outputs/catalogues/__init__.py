"""The package in the words of those who list, cite and archive data."""


def drop_empty(value: dict) -> dict:
    """The entries that say something."""
    return {key: entry for key, entry in value.items() if entry}
