import { graphql } from "../../api/gql";
import type { VaultAccessQuery, VaultPolicyListQuery, VaultPolicyTextQuery } from "../../api/gql/graphql";

export const POLICIES = graphql(`
  query VaultPolicyList {
    vaultPolicies {
      name
      kind
      builtin
    }
  }
`);

export const POLICY = graphql(`
  query VaultPolicyText($name: String!, $kind: VaultPolicyKind!, $version: Int) {
    vaultPolicy(name: $name, kind: $kind, version: $version) {
      name
      kind
      text
      version
      modifiedAt
      builtin
    }
  }
`);

export const VERSIONS = graphql(`
  query VaultPolicyVersions($name: String!, $kind: VaultPolicyKind!) {
    vaultPolicyVersions(name: $name, kind: $kind) {
      version
      modifiedAt
      removed
    }
  }
`);

export const ACCESS = graphql(`
  query VaultAccess($input: VaultAccessInput!) {
    vaultAccess(input: $input) {
      allowed
      why
      capabilities
      policies
      decidedBy {
        policy
        kind
        rule
        line
        capabilities
        counts
        why
      }
      considered {
        policy
        kind
        rule
        line
        capabilities
        counts
        why
      }
    }
  }
`);

export const SAVE = graphql(`
  mutation SaveVaultPolicy($input: SaveVaultPolicyInput!) {
    saveVaultPolicy(input: $input) {
      policy {
        name
        kind
        version
      }
      warnings
    }
  }
`);

export const DELETE = graphql(`
  mutation DeleteVaultPolicy($input: DeleteVaultPolicyInput!) {
    deleteVaultPolicy(input: $input) {
      name
    }
  }
`);

export type Listed = VaultPolicyListQuery["vaultPolicies"][number];
export type Policy = NonNullable<VaultPolicyTextQuery["vaultPolicy"]>;
export type Decision = VaultAccessQuery["vaultAccess"];
