import { graphql } from "../../api/gql";
import type { VaultSecretQuery } from "../../api/gql/graphql";

export const LIST = graphql(`
  query VaultSecrets($mount: String!, $path: String!, $first: Int!, $after: String) {
    secrets(mount: $mount, path: $path, first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        path
        name
        isFolder
      }
    }
  }
`);

export const FIND = graphql(`
  query VaultFindSecrets($mount: String!, $search: String!, $first: Int!, $after: String) {
    secrets(mount: $mount, recursive: true, search: $search, first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        path
        isFolder
      }
    }
  }
`);

export const SECRET = graphql(`
  query VaultSecret($mount: String!, $path: String!) {
    secret(mount: $mount, path: $path) {
      id
      path
      name
      currentVersion
      oldestVersion
      maxVersions
      casRequired
      deleteVersionAfter
      createdAt
      updatedAt
      customMetadata {
        key
        value
      }
      versions {
        version
        createdAt
        deletedAt
        destroyed
      }
      uses(first: 200) {
        id
        key
        createdAt
        createdBy
        node {
          id
          graph
          title
          type
        }
      }
    }
  }
`);

export const DELETE = graphql(`
  mutation VaultDeleteVersions($input: SecretVersionsInput!) {
    deleteSecretVersions(input: $input) {
      secret {
        id
      }
    }
  }
`);

export const UNDELETE = graphql(`
  mutation VaultUndeleteVersions($input: SecretVersionsInput!) {
    undeleteSecretVersions(input: $input) {
      secret {
        id
      }
    }
  }
`);

export const DESTROY = graphql(`
  mutation VaultDestroyVersions($input: SecretVersionsInput!) {
    destroySecretVersions(input: $input) {
      secret {
        id
      }
    }
  }
`);

export const UPDATE = graphql(`
  mutation VaultUpdateSecret($input: SecretUpdateInput!) {
    updateSecret(input: $input) {
      secret {
        id
      }
    }
  }
`);

export const DELETE_ALL = graphql(`
  mutation VaultDeleteSecret($input: SecretDeleteInput!) {
    deleteSecret(input: $input) {
      id
    }
  }
`);

export const USE = graphql(`
  mutation VaultUseSecret($input: SecretUseInput!) {
    useSecret(input: $input) {
      use {
        id
      }
    }
  }
`);

export const STOP_USING = graphql(`
  mutation VaultStopUsingSecret($input: SecretUseInput!) {
    stopUsingSecret(input: $input) {
      reference
    }
  }
`);

export type Secret = NonNullable<VaultSecretQuery["secret"]>;
