"""The archive: villages and their volumes, sorted by towns, kept by counties, found again by box, shelf and task."""
