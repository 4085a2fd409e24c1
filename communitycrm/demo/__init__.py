"""The demo: a believable team around a young music media in Normandy."""
