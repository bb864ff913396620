"""Papers of the survey as PDF: plain records in, Typst templates beside, bytes out; one module for each kind of paper.

`printing.print_documents` prints thousands, `printing.preview` one. Nothing is imported here: a child that compiles a
chunk should start quickly.
"""
