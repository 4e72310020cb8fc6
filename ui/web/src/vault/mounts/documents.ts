import { graphql } from "../../api/gql";
import type { VaultMountsQuery } from "../../api/gql/graphql";

export const MOUNTS = graphql(`
  query VaultMounts {
    mounts {
      path
      kind
      type
      version
      description
      accessor
      defaultLeaseTtl
      maxLeaseTtl
      local
      options {
        key
        value
      }
    }
  }
`);

export type Mount = VaultMountsQuery["mounts"][number];
