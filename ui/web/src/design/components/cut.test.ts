import { expect, test } from "vitest";
import { partsOf } from "./cut";

test("a short text is one part", () => {
  expect(partsOf("a\n\nb", 10)).toEqual(["a\n\nb"]);
});

test("parts end between paragraphs, and are the text together", () => {
  const text = "word\n\n".repeat(40);
  const parts = partsOf(text, 50);
  expect(parts.join("")).toBe(text);
  expect(parts.length).toBeGreaterThan(3);
  for (const part of parts.slice(0, -1)) expect(part.endsWith("\n\n")).toBe(true);
});

test("a fence is not cut as long as it fits", () => {
  const text = `${"a".repeat(40)}\n\n\`\`\`\n${"b\n\n".repeat(10)}\`\`\`\n\n${"c".repeat(60)}`;
  expect(partsOf(text, 45)[0]).toContain("```\n\n");
});

test("without any place to cut it is cut anyway, but not within a character", () => {
  const parts = partsOf("🦀".repeat(100), 51);
  expect(parts.join("")).toBe("🦀".repeat(100));
  for (const part of parts) expect(part).toMatch(/^🦀*$/u);
});
