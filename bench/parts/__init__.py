"""What is measured, a module for each subject, found by itself and run in the order of the alphabet.

A part has `pages(scene) -> list[Row]`, asked while the web server runs, or `work(scene) -> list[Row]`, done after it
has stopped; or both. `scene` is a `bench.scene.Scene`. A part may seed what it alone needs.
"""
