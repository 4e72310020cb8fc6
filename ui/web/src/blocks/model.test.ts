import { expect, test } from "vitest";
import { propertiesOf, whereOf } from "./model";

test("an address is a condition on blocks", () => {
  expect(whereOf({ text: "sow", tag: "#spring", state: "todo", property: "tool", value: "rake" })).toEqual({
    text: "sow",
    tag: "spring",
    state: ["TODO"],
    property: "tool",
    propertyValue: "rake",
  });
  expect(whereOf({ graph: "shop", value: "rake" })).toBeNull();
});

test("properties are one line", () => {
  expect(propertiesOf({ tool: ["rake", "hoe"], beds: 4 })).toBe("tool: rake, hoe · beds: 4");
  expect(propertiesOf(null)).toBe("");
});
