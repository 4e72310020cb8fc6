import type { useShellWords } from "./words";

type Word = {
  [K in keyof ReturnType<typeof useShellWords>]: ReturnType<typeof useShellWords>[K] extends string ? K : never;
}[keyof ReturnType<typeof useShellWords>];

export interface Page {
  readonly path: string;
  readonly name: Word;
  /** Pressed after `g`, it goes there. */
  readonly key: string;
  readonly icon: string;
  readonly group: "work" | "knowledge" | "care" | "tools";
}

const LOCK = "M5 11h14v9H5zM8 11V8a4 4 0 018 0v3M12 15v2";

/** The pages of the rail, in its order. Icons are paths on a 24 × 24 canvas. */
export const PAGES: readonly Page[] = [
  { path: "/", name: "home", key: "h", group: "work", icon: "M4 11l8-7 8 7v9h-5v-6H9v6H4z" },
  {
    path: "/graph",
    name: "explorer",
    key: "e",
    group: "work",
    icon: "M6 6a2 2 0 104 0 2 2 0 10-4 0M15 12a2 2 0 104 0 2 2 0 10-4 0M6 18a2 2 0 104 0 2 2 0 10-4 0M9.5 7l6 4M9.5 17l6-4",
  },
  { path: "/views", name: "views", key: "v", group: "work", icon: "M6 4h12v16l-6-4-6 4z" },
  {
    path: "/search",
    name: "search",
    key: "s",
    group: "work",
    icon: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 100-13M15.5 15.5L20 20",
  },
  { path: "/decisions", name: "decisions", key: "d", group: "knowledge", icon: "M5 4h14v16H5zM8.5 12l2.5 2.5 4.5-5" },
  { path: "/journal", name: "journal", key: "j", group: "knowledge", icon: "M5 5h14v15H5zM5 10h14M9 3v4M15 3v4" },
  { path: "/guidelines", name: "guidelines", key: "u", group: "knowledge", icon: "M6 20V4M6 5h11l-2 3.5L17 12H6" },
  { path: "/tags", name: "tags", key: "t", group: "knowledge", icon: "M4 12V4h8l8 8-8 8zM8 8h.01" },
  { path: "/todos", name: "todos", key: "o", group: "knowledge", icon: "M4 5h4v15H4zM10 5h4v10h-4zM16 5h4v7h-4z" },
  {
    path: "/blocks",
    name: "blocks",
    key: "b",
    group: "knowledge",
    icon: "M5 6h.01M9 6h10M8 12h.01M12 12h7M8 18h.01M12 18h7",
  },
  { path: "/lint", name: "lint", key: "l", group: "care", icon: "M12 4l9 16H3zM12 10v4M12 17h.01" },
  { path: "/conflicts", name: "conflicts", key: "c", group: "care", icon: "M7 4v16M17 4v16M7 8h5l-2-2M17 16h-5l2 2" },
  { path: "/import", name: "imports", key: "i", group: "care", icon: "M12 4v10M8 10l4 4 4-4M4 16v4h16v-4" },
  { path: "/vault", name: "vault", key: "k", group: "tools", icon: LOCK },
];

/** The tabs of the vault, in their order. */
export const VAULT_TABS: readonly Pick<Page, "path" | "name" | "icon">[] = [
  { path: "/vault", name: "vaultStatus", icon: LOCK },
  { path: "/vault/secrets", name: "vaultSecrets", icon: LOCK },
  { path: "/vault/mounts", name: "vaultMounts", icon: LOCK },
  { path: "/vault/leases", name: "vaultLeases", icon: LOCK },
  { path: "/vault/certificates", name: "vaultCertificates", icon: LOCK },
  { path: "/vault/policies", name: "vaultPolicies", icon: LOCK },
  { path: "/vault/audit", name: "vaultAudit", icon: LOCK },
];
