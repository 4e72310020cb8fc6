import type { Page } from "@playwright/test";
import { expect, open } from "./test";

/** The vault that tests/web/vault.py fills, asked past the platform. */
export const VAULT = process.env["APP_VAULT"] ?? "http://127.0.0.1:8200";
/** As many shares as open it. */
export const SHARES = (process.env["APP_SHARES"] ?? "").split(" ");
export const PASSWORD = "correct horse battery";

/** The data of an answer of the vault's own API. */
export async function vault<T = Record<string, unknown>>(
  method: string,
  path: string,
  { token = "", ...body }: { token?: string; [field: string]: unknown } = {},
): Promise<T> {
  const answer = await fetch(`${VAULT}/v1/${path}`, {
    method,
    headers: token ? { "x-vault-token": token } : {},
    ...(Object.keys(body).length ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`).toBe(true);
  const found = text ? JSON.parse(text) : {};
  return found.auth ?? found.data ?? found;
}

/** A new token of `anna`, who may do anything, or of `bruno`, who may read some of the shop's secrets. */
export async function tokenOf(user: "anna" | "bruno"): Promise<string> {
  const { client_token: token } = await vault<{ client_token: string }>("PUT", `auth/userpass/login/${user}`, {
    password: PASSWORD,
  });
  return token;
}

/** Open a page of the vault as somebody who signed in before; gives the token. */
export async function openAs(
  page: Page,
  user: "anna" | "bruno",
  path: string,
  theme: "light" | "dark" = "light",
): Promise<string> {
  const token = await tokenOf(user);
  const session = { token, namespace: "", own: true, kept: true, policies: [], expiresAt: null };
  await page.addInitScript(
    (kept) => {
      if (!location.protocol.startsWith("http") || sessionStorage.getItem("test.signed")) return;
      sessionStorage.setItem("test.signed", "1");
      sessionStorage.setItem("stratumiops.vault", kept);
    },
    JSON.stringify({ ...session, displayName: `userpass-${user}` }),
  );
  await open(page, path, theme);
  return token;
}

/** Write a version of a secret that only this test uses; gives its path. */
export async function secret(token: string, ...versions: readonly object[]): Promise<string> {
  const path = `shop/test-${Date.now()}-${Math.floor(Math.random() * 1e6)}`;
  for (const data of versions) await vault("PUT", `secret/data/${path}`, { token, data });
  return path;
}
