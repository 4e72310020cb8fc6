import { graphql } from "../../api/gql";
import type { VaultLeasesQuery } from "../../api/gql/graphql";

export const COUNTS = graphql(`
  query VaultLeaseCounts {
    leaseCounts {
      path
      count
    }
  }
`);

export const LEASES = graphql(`
  query VaultLeases($prefix: String!, $first: Int!, $after: String) {
    leases(prefix: $prefix, first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        path
        issuedAt
        expiresAt
        lastRenewedAt
        renewable
        ttl
      }
    }
  }
`);

export const RENEW = graphql(`
  mutation RenewVaultLease($input: RenewLeaseInput!) {
    renewLease(input: $input) {
      lease {
        id
        ttl
      }
    }
  }
`);

export const REVOKE = graphql(`
  mutation RevokeVaultLease($input: RevokeLeaseInput!) {
    revokeLease(input: $input) {
      id
    }
  }
`);

export type Lease = VaultLeasesQuery["leases"]["nodes"][number];
