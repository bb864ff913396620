"""Papers of a campaign: from the survey's rows to the paper room's records, for whoever prints them and no one else.

`offered` says which kinds there are and what each is made from, `batches` holds a batch as it is printed.
"""
