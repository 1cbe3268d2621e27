"""The metamorphic test of the SPARQL endpoint: a request rewritten without a change of meaning has the same answer.

Black box over HTTP. Nothing here imports the product: its tokenizer and its grammar are what is judged.
"""
