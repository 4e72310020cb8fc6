import { graphql } from "../../api/gql";
import type { VaultCertificatesQuery } from "../../api/gql/graphql";

export const MOUNTS = graphql(`
  query VaultPkiMounts {
    mounts(kind: SECRETS) {
      path
      type
    }
  }
`);

export const CERTIFICATES = graphql(`
  query VaultCertificates($mount: String!, $first: Int!, $after: String) {
    certificates(mount: $mount, first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        serial
        commonName
        dnsNames
        issuer
        keyType
        keyBits
        notBefore
        notAfter
        revokedAt
      }
    }
  }
`);

export type Certificate = VaultCertificatesQuery["certificates"]["nodes"][number];
