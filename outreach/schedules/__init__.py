"""Exports of schedulers, one module per format: a `Table` in, posts out. No database, no clock.

To add a format, write a module with `NAME`, `LABEL` and `recognise(table) -> Mapping | None`, and list it in
`formats.FORMATS`.
"""
