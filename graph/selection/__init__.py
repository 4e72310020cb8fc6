"""Cypher for reads, put together from a description of what is wanted. Text only: no I/O, no GraphQL.

A description is made of nested dicts and lists (see `shapes`). What decides the text stays in it; every other
value is replaced by the name of a parameter, so that equal descriptions share one statement and one plan.
"""
