"""Readers of architecture decision records: Nygard, MADR 2 to 4, log4brains, tables."""
