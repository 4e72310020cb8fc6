import type { Page } from "@playwright/test";

export function tasksWhile(page: Page, act: () => Promise<unknown>): Promise<number[]>;
