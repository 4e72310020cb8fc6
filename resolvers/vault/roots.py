"""The root fields of the vault, by domain."""

from typing import Final

from stratumiops.resolvers.vault.access import AccessQuery
from stratumiops.resolvers.vault.audit import AuditQuery
from stratumiops.resolvers.vault.certificates import CertificateQuery
from stratumiops.resolvers.vault.leases import LeaseMutation, LeaseQuery
from stratumiops.resolvers.vault.mounts import MountQuery
from stratumiops.resolvers.vault.policies import PolicyMutation, PolicyQuery
from stratumiops.resolvers.vault.secrets import SecretMutation, SecretQuery
from stratumiops.resolvers.vault.status import StatusQuery
from stratumiops.resolvers.vault.uses import UseMutation

QUERIES: Final = (
    StatusQuery,
    MountQuery,
    SecretQuery,
    LeaseQuery,
    CertificateQuery,
    PolicyQuery,
    AccessQuery,
    AuditQuery,
)
MUTATIONS: Final = (PolicyMutation, LeaseMutation, SecretMutation, UseMutation)
