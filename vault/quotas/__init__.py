"""Quotas: how often clients may ask."""
