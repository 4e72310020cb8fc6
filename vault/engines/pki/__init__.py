"""The PKI engine."""

from stratumiops.vault.engines.pki.backend import PkiBackend

__all__ = ["PkiBackend"]
