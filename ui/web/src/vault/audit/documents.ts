import { graphql } from "../../api/gql";
import type { VaultAuditQuery } from "../../api/gql/graphql";

export const DEVICES = graphql(`
  query VaultAuditDevices {
    vaultAuditDevices {
      path
      type
      description
    }
  }
`);

export const EVENTS = graphql(`
  query VaultAudit($where: VaultAuditWhere, $first: Int!, $after: String) {
    vaultAudit(where: $where, first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        at
        kind
        operation
        path
        mountType
        namespace
        displayName
        accessor
        policies
        remoteAddress
        allowed
        error
      }
    }
  }
`);

export const MOUNTS = graphql(`
  query VaultKvMounts {
    mounts(kind: SECRETS) {
      path
      type
      version
    }
  }
`);

export type Event = VaultAuditQuery["vaultAudit"]["nodes"][number];
