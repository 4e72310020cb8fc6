"""Resolvers of knowledge: queries, mutations, the subscription."""
